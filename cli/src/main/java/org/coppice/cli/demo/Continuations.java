package org.coppice.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.Successor;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;

/** Somebody comes in alone, a few split off, and the group goes over into another. */
final class Continuations {
    private static final Bytes BRANCH = Bytes.wrap("orchard".getBytes(StandardCharsets.US_ASCII));
    private static final Bytes SUCCESSOR = Bytes.wrap("garden, second growth".getBytes(StandardCharsets.US_ASCII));

    private final World world;
    private final Narrator narrator;
    private final Bytes garden;
    private final Story.Setting setting;
    private final Registrar registrar;

    Continuations(World world, Bytes garden, Story.Setting setting, Registrar registrar) {
        this.world = world;
        this.narrator = world.narrator();
        this.garden = garden;
        this.setting = setting;
        this.registrar = registrar;
    }

    private Person alice() {
        return world.people().get(0);
    }

    private Person bob() {
        return world.people().get(1);
    }

    void externalJoin(Person newcomer) throws MlsException {
        narrator.chapter(newcomer.name() + " comes in alone");
        Bytes before = world.say(alice(), garden, "The key is under the third stool.");
        Bytes info = world.delivery().groupInfo(garden).orElseThrow();
        try (ExternalJoin join = newcomer.client().joinExternally(Beginnings.decode(info))) {
            Bytes commit = Bytes.wrap(join.commit().encoded());
            world.delivery().post(garden, commit);
            world.delivery()
                    .publishGroupInfo(garden, Bytes.wrap(join.groupInfo(true).encoded()));
            world.tally().commits++;
            world.tally().epochs++;
            Group group = join.group();
            world.people().add(newcomer);
            newcomer.enter(group);
            narrator.tell(newcomer.name()
                    + " takes the GroupInfo that the last committer published, and joins by a commit of "
                    + "her own, of " + Beginnings.size(commit.length()) + ". No member had to be online.");
        }
        world.settle(garden);
        world.agree(garden);
        world.say(bob(), garden, "Welcome, " + newcomer.name() + ".");
        world.tryInVain(
                newcomer.name() + ", who recorded what was said before,",
                newcomer,
                garden,
                before,
                world.tally().confidentiality);
    }

    void branch() throws MlsException {
        narrator.chapter("A branch");
        long epoch = alice().group(garden).epoch();
        world.commit(alice(), garden, builder -> builder.resumptionPsk(garden, epoch), List.of());
        narrator.tell("Alice commits and mixes in the resumption PSK of epoch " + epoch
                + ", which only those know who were members then.");
        world.agree(garden);
        List<Person> joiners = List.of(bob());
        List<KeyPackage> packages = world.publishAndClaim(joiners);
        Successor successor = alice().group(garden).branch(alice().client(), BRANCH, packages);
        begin(successor, joiners);
        narrator.tell(
                "Alice and Bob branch off the group “orchard”. Its first commit mixes in a resumption PSK of “garden”, "
                        + "which proves that both came from there.");
        world.agree(BRANCH);
        Bytes message = world.say(alice(), BRANCH, "Between us: the apples are ripe.");
        Person other = world.members(garden).get(world.members(garden).size() - 1);
        world.forge(other, BRANCH);
        world.tryInVain(
                other.name() + ", with a forged “orchard”,", other, BRANCH, message, world.tally().confidentiality);
    }

    /** The creator enters the new group, the others follow by their Welcomes. */
    private void begin(Successor successor, List<Person> joiners) throws MlsException {
        Bytes id = successor.group().groupId();
        alice().enter(successor.group());
        world.tally().groups++;
        world.tally().epochs++;
        world.send(alice(), id, successor.commit());
        world.deliverWelcome(successor.commit(), joiners);
        world.settle(id);
        world.join(joiners, garden);
    }

    void reinitialization() throws MlsException {
        narrator.chapter("The group grows again from the stump");
        CipherSuite next = nextSuite();
        Proposal.ReInit reInit = new Proposal.ReInit(SUCCESSOR, ProtocolVersion.MLS10, next, Extensions.EMPTY);
        List<Person> members = world.members(garden);
        world.commit(bob(), garden, builder -> builder.reInit(reInit), List.of());
        narrator.tell(
                "A group never changes its cipher suite. So Bob commits a ReInit, which ends “garden” in favour of a new "
                        + "group with " + next + ".");
        ended();
        for (Person member : members) {
            member.enroll(next, registrar);
        }
        List<Person> others = Story.except(members, alice());
        List<KeyPackage> packages = world.publishAndClaim(others);
        begin(alice().group(garden).reinitialize(alice().client(), packages), others);
        narrator.tell(
                "All " + members.size() + " make keys of the new suite, and Alice brings them into “garden, second "
                        + "growth”, bound to the old group by its last resumption PSK.");
        world.agree(SUCCESSOR);
        world.talk(SUCCESSOR, setting.messages(), 10);
    }

    private void ended() throws MlsException {
        try {
            alice().encrypt(garden, "Is anybody there?");
            narrator.broken("the old group still sends");
            world.tally().removal.tried(false);
        } catch (IllegalStateException e) {
            narrator.denied("nobody can send in the old group any more");
            world.tally().removal.tried(true);
        }
    }

    private CipherSuite nextSuite() {
        CipherSuite first = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        return setting.suite().equals(first) ? CipherSuite.MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519 : first;
    }
}
