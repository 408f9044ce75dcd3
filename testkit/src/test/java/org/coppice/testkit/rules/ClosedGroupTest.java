package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A group that was closed: its secrets are gone from memory, and whoever goes on using it is told so. */
class ClosedGroupTest {
    private Scene scene;
    private Actor bob;
    private Group group;

    @BeforeEach
    void twoMembers() throws MlsException {
        scene = Scene.of("alice", "bob");
        bob = scene.actor("bob");
        group = bob.group();
    }

    @Test
    void everyOperationSaysThatTheGroupIsClosedAndStoresNothing() throws MlsException {
        Group alice = scene.group("alice");
        MlsMessage past = Scene.wire(alice.encrypt(new byte[1]));
        MlsMessage pastCommit = Scene.wire(alice.commit().build().message());
        scene.commit("bob");
        MlsMessage text = Scene.wire(alice.encrypt(new byte[1]));
        StagedCommit staged = group.stage(Scene.wire(alice.commit().build().message()));
        group.commit().build();
        Joining joining = Joining.of(scene, "alice", commit -> commit);
        JoinRequest afterBob = JoinRequest.of(Scene.wire(joining.welcome()), List.of(joining.bundle))
                .withPredecessor(group);
        MlsMessage proposal = Scene.wire(alice.proposeUpdate());
        Map<Bytes, Bytes> stored = bob.snapshot();
        group.close();

        Map<String, ThrowingCallable> operations = new LinkedHashMap<>(readingSecrets());
        operations.putAll(sending());
        Map.of("past text", past, "past Commit", pastCommit, "text", text, "proposal", proposal)
                .forEach((name, message) -> {
                    operations.put("receive " + name, () -> group.receive(message));
                    operations.put("stage " + name, () -> group.stage(message));
                });
        operations.put("merge", () -> group.merge(staged));
        operations.put("be a predecessor", () -> joining.joiner.client().join(afterBob));
        operations.forEach(ClosedGroupTest::refusesBecauseClosed);
        assertThat(bob.snapshot()).isEqualTo(stored);
        assertThat(bob.client().load(group.groupId()).pendingCommits()).hasSize(1);
    }

    private Map<String, ThrowingCallable> readingSecrets() {
        return Map.of(
                "epochAuthenticator", () -> group.epochAuthenticator(),
                "export", () -> group.export("label", Bytes.EMPTY, 16),
                "resumptionPsk", () -> group.resumptionPsk(),
                "groupInfo", () -> group.groupInfo(true),
                "pendingProposals", () -> group.pendingProposals(),
                "pendingCommits", () -> group.pendingCommits(),
                "clearPendingCommits", () -> group.clearPendingCommits());
    }

    private Map<String, ThrowingCallable> sending() {
        Proposal update =
                new Proposal.Update(group.state().tree().leaf(new LeafIndex(1)).orElseThrow());
        return Map.of(
                "encrypt", () -> group.encrypt(new byte[1]),
                "propose", () -> group.proposeRemove(new LeafIndex(0)),
                "propose an Update", () -> group.propose(update, SendOptions.DEFAULT),
                "proposeUpdate", () -> group.proposeUpdate(LeafUpdate.KEY_ONLY, SendOptions.DEFAULT),
                "commit", () -> group.commit().build(),
                "branch", () -> group.branch(bob.client(), Bytes.fromHex("0b"), List.of()),
                "reinitialize", () -> group.reinitialize(bob.client(), List.of()));
    }

    private static void refusesBecauseClosed(String name, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .as(name)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the group is closed; load it again");
    }

    @Test
    void aReinitializedGroupThatWasClosedHasNoSuccessor() throws MlsException {
        Proposal.ReInit reInit =
                new Proposal.ReInit(Bytes.fromHex("0b"), ProtocolVersion.MLS10, group.cipherSuite(), Extensions.EMPTY);
        scene.follow("bob", group.commit().reInit(reInit).build());
        group.close();
        assertThat(group.status()).isEqualTo(GroupStatus.REINITIALIZED);
        assertThat(group.reInit()).contains(reInit);
        refusesBecauseClosed("reinitialize", () -> group.reinitialize(bob.client(), List.of()));
    }

    @Test
    void thePublicStateCanStillBeRead() {
        GroupState state = group.state();
        List<Member> roster = group.roster();
        LeafIndex ownLeaf = group.ownLeaf();
        group.close();
        assertThat(group.state()).isEqualTo(state);
        assertThat(group.roster()).isEqualTo(roster);
        assertThat(group.ownLeaf()).isEqualTo(ownLeaf);
        assertThat(group.groupId()).isEqualTo(state.groupId());
        assertThat(group.epoch()).isEqualTo(state.epoch());
        assertThat(group.status()).isEqualTo(GroupStatus.ACTIVE);
        assertThat(group.toString()).contains("closed");
    }

    @Test
    void closingTwiceDoesNothingAndTheGroupCanBeLoadedAgain() throws MlsException {
        group.close();
        group.close();
        Group loaded = bob.client().load(group.groupId());
        MlsMessage text = Scene.wire(loaded.encrypt(new byte[] {7}));
        assertThat(scene.group("alice").receive(text)).isNotNull();
    }
}
