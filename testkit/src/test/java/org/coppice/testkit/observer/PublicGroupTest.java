package org.coppice.testkit.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.error.UnknownGroupException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Environment;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.PublicGroup;
import org.coppice.mls.group.PublicGroup.Observed;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.Proposal;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An observer follows a group without secrets, and refuses what members would refuse. */
class PublicGroupTest {
    private Scene scene;
    private PublicGroup observer;

    @BeforeEach
    void follow() throws MlsException {
        scene = Scene.of("alice", "bob", "carol");
        observer = follow(scene.group("alice").groupInfo(true));
    }

    private static PublicGroup follow(MlsMessage groupInfo) throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .policy(Scene.policy())
                .build();
        return PublicGroup.follow(environment, Scene.wire(groupInfo), Optional.empty());
    }

    private void observe(MlsMessage message) throws MlsException {
        if (observer.receive(Scene.wire(message)) instanceof Observed.CommitStaged staged) {
            observer.merge(staged.commit());
        }
    }

    private void refuses(Rule rule, MlsMessage message) throws MlsException {
        var state = observer.state();
        MlsMessage received = Scene.wire(message);
        assertThatThrownBy(() -> observer.receive(received))
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(rule));
        assertThat(observer.state()).isSameAs(state);
    }

    @Test
    void seesTheStateThatTheMembersSee() throws MlsException {
        assertThat(observer.state()).isEqualTo(scene.group("bob").state());
        for (String name : List.of("alice", "bob", "carol", "bob")) {
            StagedCommit commit = scene.group(name).commit().build();
            observe(commit.message());
            scene.follow(name, commit);
            assertThat(observer.state()).isEqualTo(scene.group("alice").state());
        }
    }

    @Test
    void followsProposalsAndTheCommitThatNamesThem() throws MlsException {
        MlsMessage update = scene.group("bob").proposeUpdate();
        scene.deliver("bob", update);
        observe(update);
        MlsMessage remove =
                scene.group("bob").proposeRemove(scene.group("carol").ownLeaf());
        scene.deliver("bob", remove);
        observe(remove);
        assertThat(observer.pendingProposals()).hasSize(2);
        StagedCommit commit = scene.group("alice").commit().build();
        observe(commit.message());
        scene.group("alice").merge(commit);
        assertThat(observer.state()).isEqualTo(scene.group("alice").state());
        assertThat(observer.pendingProposals()).isEmpty();
    }

    @Test
    void followsAnExternalCommit() throws MlsException {
        ExternalJoin join = scene.client("dave")
                .client()
                .joinExternally(scene.group("alice").groupInfo(true));
        observe(join.commit());
        assertThat(observer.state()).isEqualTo(join.group().state());
    }

    @Test
    void takesPrivateMessagesAsOpaque() throws MlsException {
        assertThat(observer.receive(scene.group("alice").encrypt(new byte[3]))).isInstanceOf(Observed.Opaque.class);
    }

    @Test
    void tellsOtherGroupsAndEpochsApart() throws MlsException {
        Scene other = Scene.empty(scene.group("alice").cipherSuite());
        var stranger = other.client("stranger").client().createGroup();
        MlsMessage foreign = stranger.encrypt(new byte[1]);
        assertThatThrownBy(() -> observer.receive(foreign)).isInstanceOf(UnknownGroupException.class);
        MlsMessage old = scene.group("bob").commit().build().message();
        StagedCommit commit = scene.group("alice").commit().build();
        MlsMessage message = commit.message();
        scene.follow("alice", commit);
        MlsMessage future = scene.group("alice").commit().build().message();
        assertThatThrownBy(() -> observer.receive(future)).isInstanceOf(FutureEpochException.class);
        observe(message);
        assertThatThrownBy(() -> observer.receive(old)).isInstanceOf(StaleEpochException.class);
    }

    @Test
    void refusesWhatMembersRefuse() throws MlsException {
        var insider = scene.actor("bob").insider();
        refuses(Rule.PATH_REQUIRED, insider.commit(List.of(), Optional.empty()));
        refuses(
                Rule.REMOVE_OF_COMMITTER,
                insider.commit(List.of(new Proposal.Remove(insider.leaf())), Optional.empty()));
        MlsMessage genuine = scene.group("bob").commit().build().message();
        UnaryOperator<Commit> shorter = commit -> new Commit(
                commit.proposals(),
                commit.path()
                        .map(path -> new org.coppice.mls.tree.UpdatePath(
                                path.leafNode(),
                                path.nodes().subList(1, path.nodes().size()))));
        refuses(Rule.PATH_LENGTH, insider.alter(genuine, shorter));
        refuses(
                Rule.MESSAGE_SIGNATURE,
                insider.signingWith(scene.actor("carol").client().signer()).commit(List.of(), Optional.empty()));
    }

    @Test
    void endsWithAReInit() throws MlsException {
        StagedCommit commit = scene.group("alice")
                .commit()
                .reInit(new Proposal.ReInit(
                        org.coppice.mls.codec.Bytes.fromHex("aa"),
                        scene.group("alice").state().context().version(),
                        scene.group("alice").cipherSuite(),
                        org.coppice.mls.credential.Extensions.EMPTY))
                .build();
        observe(commit.message());
        assertThat(observer.isReinitialized()).isTrue();
        refuses(Rule.GROUP_ENDED, commit.message());
    }

    @Test
    void refusesACommitFromAnEpochThatItHasLeft() throws MlsException {
        StagedCommit commit = scene.group("alice").commit().build();
        Observed.CommitStaged first = (Observed.CommitStaged) observer.receive(commit.message());
        Observed.CommitStaged second = (Observed.CommitStaged) observer.receive(commit.message());
        observer.merge(first.commit());
        assertThatThrownBy(() -> observer.merge(second.commit())).isInstanceOf(IllegalStateException.class);
    }
}
