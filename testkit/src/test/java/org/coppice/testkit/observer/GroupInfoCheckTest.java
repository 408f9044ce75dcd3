package org.coppice.testkit.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.error.UnknownGroupException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.observer.StagedPublicCommit;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.rules.Refusals;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An observer passes on only a GroupInfo by which others can join: one that describes the present epoch, or the one to come. */
class GroupInfoCheckTest {
    private Scene scene;
    private PublicGroup observer;

    @BeforeEach
    void follow() throws MlsException {
        scene = Scene.of("alice", "bob", "carol");
        observer = PublicGroup.follow(
                scene.actor("alice").client().environment(),
                scene.group("alice").groupInfo(true),
                Optional.empty());
    }

    /** A GroupInfo with every part of its own, signed by alice's key unless said otherwise. */
    private MlsMessage forged(GroupContext context, Extensions extensions, Bytes tag, LeafIndex leaf, Signer signer)
            throws MlsException {
        GroupInfo info = GroupInfo.sign(
                context, extensions, tag, leaf, scene.actor("alice").client().crypto(), signer);
        return Scene.wire(new MlsMessage(new MlsMessage.GroupInfo(info)));
    }

    private MlsMessage forged(GroupState state, Bytes tag) throws MlsException {
        return forged(state.context(), Extensions.EMPTY, tag, leaf("alice"), signer("alice"));
    }

    private LeafIndex leaf(String name) {
        return scene.group(name).ownLeaf();
    }

    private Signer signer(String name) {
        return scene.actor(name).client().signer();
    }

    private void refuses(Rule rule, MlsMessage groupInfo) {
        GroupState before = observer.state();
        assertThatThrownBy(() -> observer.checkGroupInfo(groupInfo))
                .satisfies(e -> assertThat(Refusals.ruleOf(e)).isEqualTo(rule));
        assertThat(observer.state()).isSameAs(before);
    }

    private StagedPublicCommit staged(StagedCommit commit) throws MlsException {
        return (StagedPublicCommit) observer.stage(Scene.wire(commit.message()));
    }

    @Test
    void takesWhatAnyMemberSaysOfThePresentEpoch() throws MlsException {
        for (String name : new String[] {"alice", "bob", "carol"}) {
            for (boolean withTree : new boolean[] {false, true}) {
                MlsMessage genuine = Scene.wire(scene.group(name).groupInfo(withTree));
                assertThat(observer.checkGroupInfo(genuine).signer()).isEqualTo(leaf(name));
            }
        }
    }

    @Test
    void takesTheGroupInfoOfABundleWithItsCommit() throws MlsException {
        StagedCommit commit = scene.group("bob").commit().remove(leaf("carol")).build();
        StagedPublicCommit staged = staged(commit);
        scene.group("bob").merge(commit);
        MlsMessage next = Scene.wire(scene.group("bob").groupInfo(false));
        assertThat(observer.checkGroupInfo(next, staged).groupContext())
                .isEqualTo(staged.nextState().context());
        assertThatThrownBy(() -> observer.checkGroupInfo(next)).isInstanceOf(FutureEpochException.class);
        observer.merge(staged);
        observer.checkGroupInfo(next);
    }

    @Test
    void aNewcomerJoinsByTheCheckedGroupInfoAndTheExportedTree() throws MlsException {
        MlsMessage groupInfo = Scene.wire(scene.group("carol").groupInfo(false));
        GroupInfo checked = observer.checkGroupInfo(groupInfo);
        assertThat(checked.extensions().find(ExtensionType.RATCHET_TREE)).isEmpty();
        PublicGroup other = PublicGroup.follow(
                scene.actor("bob").client().environment(), groupInfo, Optional.of(observer.ratchetTree()));
        assertThat(other.state()).isEqualTo(scene.group("alice").state());
        assertThat(other.ratchetTree())
                .isEqualTo(SuiteCrypto.encode(scene.group("alice").state().tree()));
    }

    @Test
    void refusesAGroupInfoOfAnotherGroupOrEpoch() throws MlsException {
        MlsMessage old = scene.group("alice").groupInfo(false);
        StagedCommit commit = scene.group("alice").commit().build();
        StagedPublicCommit staged = staged(commit);
        assertThatThrownBy(() -> observer.checkGroupInfo(old, staged)).isInstanceOf(StaleEpochException.class);
        observer.merge(staged);
        assertThatThrownBy(() -> observer.checkGroupInfo(old)).isInstanceOf(StaleEpochException.class);
        MlsMessage foreign = Scene.empty(scene.group("alice").cipherSuite())
                .client("stranger")
                .client()
                .createGroup()
                .groupInfo(false);
        assertThatThrownBy(() -> observer.checkGroupInfo(foreign)).isInstanceOf(UnknownGroupException.class);
    }

    @Test
    @Tag("R-12.4.3-01")
    void refusesAContextThatIsNotTheEpochs() throws MlsException {
        GroupState state = observer.state();
        GroupContext changed = state.context().provisional(Bytes.wrap(new byte[32]), Extensions.EMPTY);
        GroupContext sameEpoch = new GroupContext(
                state.context().version(),
                state.context().cipherSuite(),
                state.groupId(),
                state.epoch(),
                changed.treeHash(),
                state.context().confirmedTranscriptHash(),
                state.context().extensions());
        refuses(
                Rule.GROUP_INFO_CONTEXT,
                forged(sameEpoch, Extensions.EMPTY, state.confirmationTag(), leaf("alice"), signer("alice")));
    }

    /** Two Commits that race lead to epochs of one number: the loser's GroupInfo must not go with the winner's Commit. */
    @Test
    void refusesTheGroupInfoOfARivalCommit() throws MlsException {
        StagedCommit winner = scene.group("alice").commit().build();
        StagedCommit loser = scene.group("bob").commit().build();
        StagedPublicCommit staged = staged(winner);
        scene.group("bob").merge(loser);
        MlsMessage rival = scene.group("bob").groupInfo(false);
        assertThatThrownBy(() -> observer.checkGroupInfo(rival, staged))
                .satisfies(e -> assertThat(Refusals.ruleOf(e)).isEqualTo(Rule.GROUP_INFO_CONTEXT));
    }

    @Test
    @Tag("R-12.4.3-02")
    void refusesAConfirmationTagThatIsNotTheCommits() throws MlsException {
        refuses(Rule.CONFIRMATION_TAG, forged(observer.state(), Bytes.wrap(new byte[32])));
    }

    @Test
    @Tag("R-12.4.3-07")
    void refusesASignatureOfSomebodyElse() throws MlsException {
        GroupState state = observer.state();
        refuses(
                Rule.GROUP_INFO_SIGNATURE,
                forged(state.context(), Extensions.EMPTY, state.confirmationTag(), leaf("alice"), signer("bob")));
    }

    @Test
    void refusesASignerWhoIsNoMember() throws MlsException {
        GroupState state = observer.state();
        for (long leaf : new long[] {3, 4, 0xffff_ffffL}) {
            refuses(
                    Rule.GROUP_INFO_SIGNER,
                    forged(
                            state.context(),
                            Extensions.EMPTY,
                            state.confirmationTag(),
                            new LeafIndex(leaf),
                            signer("alice")));
        }
        StagedCommit remove =
                scene.group("alice").commit().remove(leaf("carol")).build();
        StagedPublicCommit staged = staged(remove);
        GroupState next = staged.nextState();
        MlsMessage byTheRemoved =
                forged(next.context(), Extensions.EMPTY, next.confirmationTag(), leaf("carol"), signer("carol"));
        assertThatThrownBy(() -> observer.checkGroupInfo(byTheRemoved, staged))
                .satisfies(e -> assertThat(Refusals.ruleOf(e)).isEqualTo(Rule.GROUP_INFO_SIGNER));
    }

    @Test
    void refusesAnotherTreeThanThePresentOne() throws MlsException {
        GroupState state = observer.state();
        Bytes otherTree = SuiteCrypto.encode(
                scene.group("alice").commit().build().nextState().tree());
        Extensions extensions = Extensions.of(new Extension(ExtensionType.RATCHET_TREE, otherTree));
        refuses(
                Rule.TREE_HASH,
                forged(state.context(), extensions, state.confirmationTag(), leaf("alice"), signer("alice")));
    }

    /** Nobody could join by it, and all who try would fail until another member hands in a better one. */
    @Test
    void refusesAnExternalPubThatIsNoKey() throws MlsException {
        GroupState state = observer.state();
        Map<Bytes, Rule> refused = Map.of(
                Bytes.EMPTY,
                Rule.TRUNCATED,
                Bytes.fromHex("0501"),
                Rule.LENGTH_BEYOND_INPUT,
                Bytes.fromHex("0101"),
                Rule.INVALID_KEY,
                Bytes.fromHex("20" + "00".repeat(32)),
                Rule.INVALID_KEY);
        for (Bytes data : refused.keySet()) {
            Extensions extensions = Extensions.of(new Extension(ExtensionType.EXTERNAL_PUB, data));
            refuses(
                    refused.get(data),
                    forged(state.context(), extensions, state.confirmationTag(), leaf("alice"), signer("alice")));
        }
    }

    @Test
    void refusesExtensionsThatBelongElsewhere() throws MlsException {
        GroupState state = observer.state();
        Extensions extensions = Extensions.of(new Extension(ExtensionType.EXTERNAL_SENDERS, Bytes.fromHex("00")));
        refuses(
                Rule.EXTENSION_MISPLACED,
                forged(state.context(), extensions, state.confirmationTag(), leaf("alice"), signer("alice")));
    }

    @Test
    void aContextWithExtensionsThatBelongElsewhereIsNotFollowed() throws MlsException {
        GroupState state = observer.state();
        for (ExtensionType type :
                List.of(ExtensionType.APPLICATION_ID, ExtensionType.RATCHET_TREE, ExtensionType.EXTERNAL_PUB)) {
            GroupContext context = state.context()
                    .provisional(state.context().treeHash(), Extensions.of(new Extension(type, Bytes.EMPTY)));
            MlsMessage info =
                    forged(context, Extensions.EMPTY, state.confirmationTag(), leaf("alice"), signer("alice"));
            assertThatThrownBy(() -> PublicGroup.follow(
                            scene.actor("alice").client().environment(),
                            info,
                            Optional.of(Bytes.wrap(state.tree().encoded()))))
                    .satisfies(e -> assertThat(Refusals.ruleOf(e)).isEqualTo(Rule.EXTENSION_MISPLACED));
        }
    }

    @Test
    void isNoPlaceForOtherMessages() throws MlsException {
        MlsMessage commit = scene.group("alice").commit().build().message();
        assertThatThrownBy(() -> observer.checkGroupInfo(commit)).isInstanceOf(IllegalArgumentException.class);
    }
}
