package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.Lifetime;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.SeededRandomness;

/** The people around one group: its members, clients outside, and a server that may propose. All of it follows from a seed. */
public final class Cast {
    private final Scene scene;
    private final List<Actor> members = new ArrayList<>();
    private final KeyRing ring;
    private final Signer server;
    private int names = 1;

    private Cast(Scene scene, Actor creator, Signer server) {
        this.scene = scene;
        this.server = server;
        this.ring = new KeyRing(creator.client().crypto());
        ring.add(server);
        ring.add(creator.client().signer());
        members.add(creator);
    }

    /** A group of its creator alone. */
    static Cast alone(CipherSuite suite, SeededRandomness random, String groupId) throws MlsException {
        SeededRandomness ofClients = random.fork("clients");
        Scene scene = Scene.empty(suite, builder -> House.environment(builder, ofClients));
        Actor creator = scene.client("m0");
        prepare(creator);
        SuiteCrypto crypto = creator.client().crypto();
        Signer server = crypto.signer(crypto.generateSignatureKeyPair());
        Extensions extensions = extensions("group", server);
        creator.enter(creator.client().createGroup(House.text(groupId), extensions));
        return new Cast(scene, creator, server);
    }

    /**
     * Nine members on sixteen leaves: all kinds of nodes are there, blank ones, unmerged leaves, leaves of key packages, Updates
     * and Commits. The first member's place stays what it was.
     */
    public static Cast of(CipherSuite suite, SeededRandomness random, String groupId) throws MlsException {
        Cast out = alone(suite, random, groupId);
        out.add(0, 9);
        for (int by : new int[] {0, 2, 5, 7}) {
            out.follow(by, out.group(by).commit().build());
        }
        out.remove(0, 3);
        out.follow(1, out.group(1).commit().build());
        out.add(4, 1);
        out.remove(1, 5);
        MlsMessage update = Scene.wire(out.group(3).proposeUpdate());
        for (Actor actor : out.members) {
            if (actor != out.members.get(3)) {
                actor.group().receive(update);
            }
        }
        out.follow(6, out.group(6).commit().build());
        return out;
    }

    /**
     * From two to {@code most} members, and whatever tree came of adding, removing and refreshing them at random. The first member's
     * place stays what it was.
     */
    public static Cast random(CipherSuite suite, SeededRandomness random, String groupId, int most)
            throws MlsException {
        Cast out = alone(suite, random, groupId);
        out.add(0, 1 + random.below(most - 1));
        for (int round = random.below(12); round > 0; round--) {
            int by = random.below(out.members.size());
            int other = random.below(out.members.size());
            switch (random.below(3)) {
                case 0 -> out.add(by, 1 + random.below(Math.max(1, Math.min(3, most - out.members.size()))));
                case 1 -> {
                    if (other != 0 && by != other && out.members.size() > 2) {
                        out.remove(by, other);
                    }
                }
                default -> out.follow(by, out.group(by).commit().build());
            }
        }
        return out;
    }

    // ---- what happens

    private static void prepare(Actor actor) {
        CipherSuite suite = actor.client().crypto().suite();
        actor.become(actor.client()
                .withCapabilities(new Capabilities(
                        List.of(ProtocolVersion.MLS10),
                        List.of(suite, new CipherSuite(suite.value() == 1 ? 2 : 1)),
                        List.of(House.GROUP_EXTENSION, House.LEAF_EXTENSION),
                        List.of(House.OPEN_PROPOSAL, House.STRICT_PROPOSAL),
                        List.of(CredentialType.BASIC)))
                .withLeafExtensions(House.leafExtensions()));
    }

    /** A client outside the group. */
    Actor newcomer() throws MlsException {
        Actor actor = scene.client("m" + names++);
        prepare(actor);
        ring.add(actor.client().signer());
        return actor;
    }

    static KeyPackageBundle keyPackage(Actor actor) throws MlsException {
        long now = House.NOW.getEpochSecond();
        return actor.client()
                .generateKeyPackage(
                        Extensions.of(new Extension(House.LEAF_EXTENSION, House.text("package"))),
                        new Lifetime(now - 3600, now + 30 * 86_400));
    }

    void add(int by, int count) throws MlsException {
        List<Actor> actors = new ArrayList<>();
        List<KeyPackageBundle> bundles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            actors.add(newcomer());
            bundles.add(keyPackage(actors.get(i)));
        }
        StagedCommit commit = group(by)
                .commit()
                .addAll(bundles.stream().map(KeyPackageBundle::keyPackage).toList())
                .build();
        MlsMessage welcome = commit.welcome().orElseThrow();
        follow(by, commit);
        for (int i = 0; i < count; i++) {
            actors.get(i).enter(actors.get(i).client().join(welcome, bundles.get(i)));
            members.add(actors.get(i));
        }
    }

    private void remove(int by, int who) throws MlsException {
        follow(by, group(by).commit().remove(group(who).ownLeaf()).build());
    }

    /** Has all members take over a Commit of one of them. */
    void follow(int by, StagedCommit commit) throws MlsException {
        MlsMessage message = Scene.wire(commit.message());
        Actor committer = members.get(by);
        for (Actor actor : List.copyOf(members)) {
            if (actor != committer) {
                actor.group().merge(actor.group().stage(message));
                if (actor.group().status() == GroupStatus.REMOVED) {
                    members.remove(actor);
                }
            }
        }
        committer.group().merge(commit);
    }

    /** Begins another epoch. */
    void commit() throws MlsException {
        follow(members.size() - 1, group(members.size() - 1).commit().build());
    }

    /** Has a member say something, so that its next message is not its first. */
    void say(int by) throws MlsException {
        MlsMessage message = group(by).encrypt(new byte[] {0});
        for (Actor actor : members) {
            if (actor != members.get(by)) {
                actor.group().receive(Scene.wire(message));
            }
        }
    }

    /** Lets chance take another turn from here: whatever is drawn later is at another place of the stream than without. */
    void stir() {
        crypto().randomness().bytes(7);
    }

    // ---- who there is

    /** The members, in the order in which they came. */
    public List<Actor> members() {
        return List.copyOf(members);
    }

    Actor member(int i) {
        return members.get(i);
    }

    Group group(int i) {
        return members.get(i).group();
    }

    SuiteCrypto crypto() {
        return members.get(0).client().crypto();
    }

    KeyRing ring() {
        return ring;
    }

    /** Who the group's external_senders extension names. */
    Signer server() {
        return server;
    }

    /** A custom proposal that anybody may make. */
    static Proposal openProposal(String data) {
        return new Proposal.Custom(House.OPEN_PROPOSAL, House.text(data));
    }

    /** One of the keys that the application distributed. */
    Proposal.PreSharedKey psk(int which) {
        return new Proposal.PreSharedKey(
                new PreSharedKeyId.External(House.pskIds().get(which), nonce()));
    }

    /** The end of the group, and how it continues. */
    Proposal.ReInit reInit() {
        return new Proposal.ReInit(
                House.text("successor"), ProtocolVersion.MLS10, crypto().suite(), extensions("successor", server));
    }

    /** Other extensions than the group has. */
    Extensions otherExtensions() {
        return extensions("other", server, members.get(0).client().signer());
    }

    private static Extensions extensions(String data, Signer... senders) {
        return Extensions.of(
                new RequiredCapabilities(
                                List.of(House.GROUP_EXTENSION),
                                List.of(House.OPEN_PROPOSAL),
                                List.of(CredentialType.BASIC))
                        .toExtension(),
                ExternalSender.toExtension(Arrays.stream(senders)
                        .map(sender -> new ExternalSender(sender.publicKey(), Credential.basic(House.text("server"))))
                        .toList()),
                new Extension(House.GROUP_EXTENSION, House.text(data)));
    }

    /** A fresh nonce of a pre-shared key. */
    Bytes nonce() {
        return Bytes.wrap(crypto().randomness().bytes(crypto().hashLength()));
    }
}
