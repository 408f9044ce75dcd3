package org.coppice.fuzz.mls;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.SeededRandomness;

/**
 * A group of six in eight leaves, with blank and unmerged nodes, in suite 1, and people around it. All keys follow from a seed
 * and the clock stands, so that it is the same in every JVM and inputs that were found once mean the same later.
 *
 * <p>Bob is who reads what the others wrote. Erin may propose from outside, ivan waits with a key package, judy has the GroupInfo.
 */
final class World {
    static final Bytes GROUP_ID = utf8("group");
    /** A pre-shared key that all have. */
    static final Bytes PSK_ID = utf8("psk");
    /** A proposal type that all support. */
    static final ProposalType CUSTOM = new ProposalType(0xf00d);

    private static final Instant TIME = Instant.parse("2026-12-01T00:00:00Z");
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private final Scene scene;
    private final Map<String, Person> people = new HashMap<>();
    private final Map<LeafIndex, String> leaves = new HashMap<>();
    private final Signer erin;
    private final KeyPackageBundle ivans;
    private final MlsMessage welcome;
    private final MlsMessage taken;
    private final GroupState state;
    private final Map<Bytes, byte[]> observerRecords = new TreeMap<>();

    World() throws MlsException {
        SeededRandomness random = new SeededRandomness("fuzz");
        scene = Scene.empty(SUITE, builder -> settings(builder, random));
        SuiteCrypto crypto = scene.client("alice").client().crypto();
        erin = crypto.signer(crypto.generateSignatureKeyPair());
        Extensions extensions = Extensions.of(
                ExternalSender.toExtension(List.of(new ExternalSender(erin.publicKey(), credential("erin")))));
        for (String name : List.of("alice", "bob", "carol", "dave", "frank", "gina", "hugo", "ivan", "judy")) {
            Scene.Actor actor = name.equals("alice") ? scene.actor(name) : scene.client(name);
            actor.become(actor.client()
                    .withCapabilities(Supporting.custom(actor.client().capabilities())));
        }
        scene.withGroup(extensions, "alice", "bob", "carol", "dave", "frank", "gina");
        for (String name : List.of("frank", "carol", "gina", "dave", "bob", "alice")) {
            scene.commit(name);
        }
        taken = remove("dave");
        scene.commit("gina");
        addWithoutPath("hugo");
        MlsMessage info = scene.group("alice").groupInfo(true);
        state = scene.group("alice").state();
        PublicGroup observer = PublicGroup.follow(scene.actor("judy").client().environment(), info, Optional.empty());
        observer.initialChange()
                .puts()
                .forEach(put -> observerRecords.put(put.key(), put.value().clone()));
        for (Scene.Actor actor : scene.actors()) {
            people.put(actor.name(), new Person(actor));
            if (actor.group() != null && !actor.name().equals("dave")) {
                leaves.put(actor.group().ownLeaf(), actor.name());
            }
        }
        ivans = person("ivan").client().generateLastResortKeyPackage();
        StagedCommit adding =
                person("alice").group().commit().add(ivans.keyPackage()).build();
        welcome = adding.welcome().orElseThrow();
    }

    private static Environment.Builder settings(Environment.Builder builder, SeededRandomness random) {
        return builder.provider(CryptoProviders.of(new BouncyCastleCryptoProvider()))
                .randomness(random)
                .clock(Clock.fixed(TIME, ZoneOffset.UTC))
                .psks(id -> id.equals(PSK_ID) ? Optional.of(Secret.wrap(new byte[32])) : Optional.empty())
                .policy(Scene.policy().toBuilder()
                        .newMemberProposals(keyPackage -> true)
                        .customProposals(Map.of(CUSTOM, new CustomProposalRule(true, false, true)))
                        .build());
    }

    private MlsMessage remove(String name) throws MlsException {
        Group alice = scene.group("alice");
        LeafIndex leaf = scene.group(name).ownLeaf();
        StagedCommit commit = alice.commit().remove(leaf).build();
        MlsMessage message = commit.message();
        scene.follow("alice", commit);
        return message;
    }

    /** So that it is unmerged above. */
    private void addWithoutPath(String name) throws MlsException {
        Scene.Actor actor = scene.actor(name);
        KeyPackageBundle bundle = actor.client().generateKeyPackage();
        StagedCommit commit = scene.group("bob")
                .commit()
                .add(bundle.keyPackage())
                .withoutPath()
                .build();
        MlsMessage invitation = commit.welcome().orElseThrow();
        scene.follow("bob", commit);
        actor.enter(actor.client().join(invitation, bundle));
    }

    /** Anybody of the story. */
    Person person(String name) {
        return people.get(name);
    }

    /** The public state of the present epoch. */
    GroupState state() {
        return state;
    }

    /** Ivan's keys: of last resort, so that they stay after he has joined. */
    KeyPackageBundle ivans() {
        return ivans;
    }

    /** The Welcome by which ivan can join. */
    MlsMessage welcome() {
        return welcome;
    }

    /** A Commit that all have taken, in an epoch that is over. */
    MlsMessage taken() {
        return taken;
    }

    /** Who signs for erin. */
    Signer erin() {
        return erin;
    }

    /** Whoever stands at a leaf. */
    Optional<Person> at(LeafIndex leaf) {
        return Optional.ofNullable(leaves.get(leaf)).map(people::get);
    }

    /** Who signs for a sender: whoever stands at its leaf, and judy for those who are new. */
    Signer signerFor(Sender sender) {
        if (sender instanceof Sender.Member member) {
            return at(member.leafIndex()).orElse(person("alice")).client().signer();
        }
        return sender instanceof Sender.External
                ? erin
                : person("judy").client().signer();
    }

    /** The observer as it was. */
    PublicGroup observer() throws MlsException {
        return PublicGroup.load(person("judy").client().environment(), observerRecords);
    }

    /** What the observer stored. */
    Map<Bytes, byte[]> observerRecords() {
        return observerRecords;
    }

    private static Credential credential(String name) {
        return Credential.basic(utf8(name));
    }

    static Bytes utf8(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
