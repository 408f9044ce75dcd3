package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.testkit.rules.Proposing.KNOWN_PSK;
import static org.coppice.testkit.rules.Proposing.RARE;
import static org.coppice.testkit.rules.Proposing.SOME;
import static org.coppice.testkit.rules.Proposing.SOME_TYPE;
import static org.coppice.testkit.rules.Proposing.SPARE;
import static org.coppice.testkit.rules.Proposing.WIDE;
import static org.coppice.testkit.rules.Proposing.WIDE_TYPE;
import static org.coppice.testkit.rules.Proposing.capabilities;
import static org.coppice.testkit.rules.Proposing.credential;
import static org.coppice.testkit.rules.Proposing.extensions;
import static org.coppice.testkit.rules.Proposing.psk;
import static org.coppice.testkit.rules.Proposing.without;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.observer.StagedPublicCommit;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.SeededRandomness;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever valid proposals some members heap up, an honest member can commit, and all who follow agree. Each run has a seed of its
 * own in its name; {@code -Dcoppice.test.seed} gives the first.
 */
@Tag("R-12.2-01")
@Tag("R-12.4-04")
class HostileProposalsTest {
    private static final int RUNS = 30;
    /** Those who make trouble; alice, narrow and dave are honest. */
    private static final List<String> HOSTILE = List.of("bob", "carol", "eve");

    private SeededRandomness random;
    private Proposing group;
    private PublicGroup observer;
    private final List<HpkePublicKey> keys = new ArrayList<>();
    private final List<Signer> signers = new ArrayList<>();
    private final Set<Bytes> sent = new HashSet<>();
    private int clients;

    static LongStream seeds() {
        long first = Long.getLong("coppice.test.seed", 20_261_123);
        return LongStream.range(first, first + RUNS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverKeepTheHonestFromCommitting(long seed) throws MlsException {
        random = new SeededRandomness(seed);
        group = Proposing.of("alice", "bob", "carol", "narrow", "eve", "dave");
        Group alice = group.scene.group("alice");
        observer = PublicGroup.follow(
                group.scene.actor("alice").client().environment(), alice.groupInfo(true), Optional.empty());
        for (int i = 0; i < 3; i++) {
            keys.add(group.freshKey());
            signers.add(alice.crypto().signer(alice.crypto().generateSignatureKeyPair()));
        }
        group.scene
                .actors()
                .forEach(actor -> keys.add(group.leafOf(actor.name()).encryptionKey()));
        keys.add(alice.state().tree().encryptionKey(new NodeIndex(5)).orElseThrow());
        int count = 1 + random.below(12);
        for (int i = 0; i < count; i++) {
            if (random.chance(20)) {
                proposeHonestly();
            } else {
                String sender = pick(HOSTILE);
                deliver(sender, group.scene.actor(sender).insider().proposal(anything(sender)));
            }
        }
        commitAndFollow(alice);
    }

    private <T> T pick(List<T> some) {
        return some.get(random.below(some.size()));
    }

    private void proposeHonestly() throws MlsException {
        String sender = pick(List.of("narrow", "dave"));
        Group honest = group.scene.group(sender);
        MlsMessage message = switch (random.below(4)) {
            case 0 -> honest.proposeUpdate();
            case 1 -> honest.proposeRemove(group.leaf(pick(HOSTILE)));
            case 2 -> honest.proposeAdd(newClient().make());
            default -> honest.proposeExternalPsk(KNOWN_PSK);
        };
        deliver(sender, message);
    }

    /** The same bytes twice are no proposal more. */
    private void deliver(String sender, MlsMessage message) throws MlsException {
        if (sent.add(Bytes.wrap(message.encoded()))) {
            group.deliver(sender, message);
            observer.merge((Observed.Staged) observer.stage(Scene.wire(message)));
        }
    }

    private KeyPackageForge newClient() throws MlsException {
        return KeyPackageForge.of(group.client("client " + clients++).client());
    }

    // ---- what is valid alone

    private Proposal anything(String sender) throws MlsException {
        return switch (random.below(8)) {
            case 0, 1, 2 -> anyUpdate(sender);
            case 3, 4 -> new Proposal.Add(anyPackage());
            case 5 -> anyExtensions();
            case 6 -> anySmall();
            default -> new Proposal.Remove(group.leaf(pick(List.of("alice", "bob", "carol", "dave"))));
        };
    }

    private Proposal anyUpdate(String sender) throws MlsException {
        Actor actor = group.scene.actor(sender);
        HpkePublicKey key = random.chance(50) ? group.freshKey() : pick(keys);
        if (key.equals(group.leafOf(sender).encryptionKey())) {
            key = group.freshKey();
        }
        Signer signer = random.chance(60) ? actor.client().signer() : pick(signers);
        int kind = random.below(6);
        return group.update(sender, key, content -> anyContent(kind, signer, content), signer);
    }

    private static LeafNode.Content anyContent(int kind, Signer signer, LeafNode.Content old) {
        LeafNode.Content signed =
                new LeafNode.Content(signer.publicKey(), old.credential(), old.capabilities(), old.extensions());
        return switch (kind) {
            case 0 -> credential(RARE).apply(signed);
            case 1 -> credential(SPARE).apply(signed);
            case 2 ->
                credential(SPARE)
                        .apply(capabilities(without(null, null, CredentialType.BASIC))
                                .apply(signed));
            case 3 -> capabilities(without(WIDE, null, SPARE)).apply(signed);
            case 4 -> capabilities(without(SOME, WIDE_TYPE, RARE)).apply(signed);
            default -> signed;
        };
    }

    private KeyPackage anyPackage() throws MlsException {
        KeyPackageForge forge = random.chance(30)
                ? KeyPackageForge.of(group.scene.actor(pick(HOSTILE)).client())
                : newClient();
        if (random.chance(40)) {
            forge = forge.withLeafKey(pick(keys));
        }
        Signer signer = forge.client().signer();
        int kind = random.below(6);
        return forge.withContent(content -> anyContent(kind, signer, content)).make();
    }

    private Proposal anyExtensions() {
        int data = random.below(100);
        return switch (random.below(4)) {
            case 0 -> extensions(SOME, data);
            case 1 ->
                new Proposal.GroupContextExtensions(Extensions.of(
                        new RequiredCapabilities(List.of(SOME), List.of(WIDE_TYPE), List.of()).toExtension()));
            case 2 ->
                new Proposal.GroupContextExtensions(
                        Extensions.of(new RequiredCapabilities(List.of(), List.of(), List.of(SPARE)).toExtension()));
            default -> extensions(WIDE, data);
        };
    }

    private Proposal anySmall() {
        return switch (random.below(5)) {
            case 0 -> new Proposal.Custom(SOME_TYPE, Bytes.EMPTY);
            case 1 -> new Proposal.Custom(WIDE_TYPE, Bytes.EMPTY);
            case 2 -> psk(Bytes.fromHex("02"), random.below(3));
            case 3 -> psk(KNOWN_PSK, random.below(3));
            default ->
                new Proposal.ReInit(Bytes.fromHex("07"), ProtocolVersion.MLS10, Proposing.SUITE, Extensions.EMPTY);
        };
    }

    // ---- the honest Commit

    private void commitAndFollow(Group alice) throws MlsException {
        CommitBuilder commit = alice.commit();
        KeyPackageBundle newcomer = null;
        switch (random.below(6)) {
            case 0 -> {
                newcomer = group.client("newcomer").client().generateKeyPackage();
                commit.add(newcomer.keyPackage());
            }
            case 1 -> commit.remove(group.leaf("eve"));
            case 2 -> commit.extensions(extensions(WIDE, 200).extensions());
            case 3 -> commit.propose(new Proposal.Custom(WIDE_TYPE, Bytes.fromHex("01")));
            case 4 -> commit.leaf(LeafUpdate.KEY_ONLY.withSigner(pick(signers)));
            default -> {}
        }
        StagedCommit staged = commit.build();

        Set<ProposalRef> told = new HashSet<>();
        staged.effects().proposals().forEach(proposal -> proposal.ref().ifPresent(told::add));
        for (StagedCommit.LeftOut left : staged.leftOut()) {
            assertThat(told.add(left.proposal().ref().orElseThrow())).isTrue();
        }
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(alice.pendingProposals().stream()
                        .map(proposal -> proposal.ref().orElseThrow())
                        .toList());
        follow(staged, alice, newcomer);
    }

    private void follow(StagedCommit staged, Group alice, KeyPackageBundle newcomer) throws MlsException {
        MlsMessage message = Scene.wire(staged.message());
        assertThat(((StagedPublicCommit) observer.stage(message)).nextState()).isEqualTo(staged.nextState());
        alice.merge(staged);
        for (String name : List.of("narrow", "dave")) {
            Group honest = group.scene.group(name);
            honest.merge(honest.stage(message));
            if (honest.status() != GroupStatus.REMOVED) {
                assertThat(honest.epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
            }
        }
        if (newcomer != null) {
            Group joined = group.scene
                    .actor("newcomer")
                    .client()
                    .join(Scene.wire(staged.welcome().orElseThrow()), newcomer);
            assertThat(joined.epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
        }
    }
}
