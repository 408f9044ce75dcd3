package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.environment.PskSource;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.state.RecordKey;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.WelcomeForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which pre-shared keys enter an epoch, in which order, and for how long old epochs give one (RFC 9420 §8.4, §8.6). */
class PskRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final Bytes A = Bytes.fromHex("0a");
    private static final Bytes B = Bytes.fromHex("0b");

    /** External keys by id, and resumption keys of any group by epoch. */
    private final Map<Bytes, Bytes> external = new HashMap<>();

    private final Map<Long, Bytes> resumption = new HashMap<>();
    /** What the application handed out. */
    private final List<Secret> given = new ArrayList<>();

    private Scene scene;
    private Group alice;

    @BeforeEach
    void twoMembers() throws MlsException {
        external.put(A, Bytes.fromHex("aa".repeat(32)));
        external.put(B, Bytes.fromHex("bb".repeat(20)));
        PskSource source = new PskSource() {
            @Override
            public Optional<Secret> externalPsk(Bytes pskId) {
                return Optional.ofNullable(external.get(pskId)).map(this::give);
            }

            @Override
            public Optional<Secret> resumptionPsk(Bytes groupId, long epoch) {
                return Optional.ofNullable(resumption.get(epoch)).map(this::give);
            }

            private Secret give(Bytes psk) {
                Secret out = Secret.wrap(psk.toByteArray());
                given.add(out);
                return out;
            }
        };
        scene = Scene.empty(
                        SUITE,
                        builder -> builder.psks(source)
                                .policy(Scene.policy().toBuilder()
                                        .resumptionPsks(3)
                                        .build()))
                .withGroup(Extensions.EMPTY, "alice", "bob");
        alice = scene.group("alice");
    }

    @Test
    @Tag("R-8.4-01")
    @Tag("R-8.4-03")
    void joinersAreToldTheKeysInTheOrderOfTheCommit() throws MlsException {
        Joining joining =
                Joining.of(scene, "alice", commit -> commit.externalPsk(B).externalPsk(A));
        List<PreSharedKeyId> committed = joining.commit.effects().psks();
        assertThat(committed)
                .extracting(psk -> ((PreSharedKeyId.External) psk).pskId())
                .containsExactly(B, A);
        WelcomeForge forge =
                WelcomeForge.open(joining.welcome(), joining.bundle, joining.crypto(), List.of(psk(B), psk(A)));
        assertThat(forge.psks()).isEqualTo(committed);

        List<PreSharedKeyId> turned = new ArrayList<>(committed);
        Collections.reverse(turned);
        MlsMessage wrongOrder =
                forge.psks(turned.toArray(new PreSharedKeyId[0])).seal(joining.signer());
        Refusals.refusesToOpen(joining.joiner, () -> joining.join(wrongOrder));
        Group joined = joining.joinsByTheGenuineWelcome();
        scene.follow("alice", joining.commit);
        assertThat(joined.epochAuthenticator()).isEqualTo(scene.group("bob").epochAuthenticator());
    }

    @Test
    void keysOfTheApplicationAreWipedWhenTheyHaveServed() throws MlsException {
        scene.deliver("bob", scene.group("bob").proposeExternalPsk(A));
        scene.follow("alice", alice.commit().externalPsk(B).build());
        assertThat(given).hasSizeGreaterThan(4).allMatch(Secret::isClosed);
    }

    private Secret psk(Bytes id) {
        return Secret.wrap(external.get(id).toByteArray());
    }

    @Test
    @Tag("R-8.4-02")
    void eachUseOfAKeyHasAFreshNonce() throws MlsException {
        Set<Bytes> nonces = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            try (StagedCommit commit = alice.commit()
                    .externalPsk(A)
                    .resumptionPsk(alice.groupId(), alice.epoch())
                    .build()) {
                assertThat(commit.effects().psks()).allMatch(psk -> nonces.add(psk.pskNonce()));
            }
        }
        alice.clearPendingCommits();
        alice.proposeExternalPsk(A);
        alice.proposeResumptionPsk(alice.groupId(), alice.epoch());
        alice.pendingProposals()
                .forEach(proposal -> nonces.add(
                        ((Proposal.PreSharedKey) proposal.proposal()).psk().pskNonce()));
        assertThat(nonces).hasSize(8).allMatch(nonce -> nonce.length() == 32);
    }

    @Test
    @Tag("R-8.4-02")
    void aBuilderThatBuildsAgainTakesFreshNonces() throws MlsException {
        CommitBuilder builder = alice.commit().externalPsk(A).resumptionPsk(alice.groupId(), alice.epoch());
        Set<Bytes> nonces = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            StagedCommit commit = builder.build();
            assertThat(commit.effects().psks()).hasSize(2).allMatch(psk -> nonces.add(psk.pskNonce()));
            scene.follow("alice", commit);
        }
    }

    @Test
    @Tag("R-8.4-04")
    void aKeyChangesTheEpoch() throws MlsException {
        // Bob holds another key under the same id, and so comes to another epoch than alice.
        StagedCommit commit = alice.commit().externalPsk(A).build();
        external.put(A, Bytes.fromHex("ab".repeat(32)));
        Refusals.refuses(Rule.CONFIRMATION_TAG, scene.actor("bob"), commit.message());
        external.put(A, Bytes.fromHex("aa".repeat(32)));
        scene.follow("alice", commit);
    }

    @Test
    @Tag("R-8.4-05")
    void aResumptionKeyIsThatOfTheEpochItNames() throws MlsException {
        long epoch = alice.epoch();
        try (Secret psk = alice.resumptionPsk()) {
            resumption.put(epoch, Bytes.wrap(psk.exposeCopy()));
        }
        scene.commit("bob");
        // The members take it from their own past, the joiner from the application.
        Joining joining = Joining.of(scene, "alice", commit -> commit.resumptionPsk(alice.groupId(), epoch));
        Bytes right = resumption.put(epoch, Bytes.fromHex("cc".repeat(32)));
        Refusals.refusesToOpen(joining.joiner, () -> joining.join(joining.welcome()));
        resumption.put(epoch, right);
        joining.joinsByTheGenuineWelcome();
        scene.follow("alice", joining.commit);
    }

    /** The application may have kept one that is old or another's. */
    @Test
    @Tag("R-8.4-05")
    void theGroupsOwnResumptionKeyComesBeforeTheApplications() throws MlsException {
        long epoch = alice.epoch();
        scene.commit("bob");
        resumption.put(epoch, Bytes.fromHex("cc".repeat(32)));
        StagedCommit commit =
                alice.commit().resumptionPsk(alice.groupId(), epoch).build();
        resumption.remove(epoch);
        scene.follow("alice", commit);
        assertThat(scene.group("bob").epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
    }

    @Test
    @Tag("R-8.6-01")
    void keysOfEpochsThatAreLongPastAreGone() throws MlsException {
        long old = alice.epoch();
        for (int i = 0; i < 3; i++) {
            scene.commit("bob");
        }
        Actor actor = scene.actor("alice");
        Refusals.refuses(
                Rule.PSK_UNKNOWN,
                actor,
                () -> alice.commit().resumptionPsk(alice.groupId(), old).build());
        assertThat(actor.snapshot())
                .doesNotContainKey(new RecordKey.ResumptionPsk(old).toBytes())
                .containsKey(new RecordKey.ResumptionPsk(old + 1).toBytes());
        scene.follow(
                "alice", alice.commit().resumptionPsk(alice.groupId(), old + 1).build());
    }
}
