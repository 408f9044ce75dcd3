package org.coppice.testkit.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.error.UnknownGroupException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.observer.StagedPublicCommit;
import org.coppice.mls.observer.StagedPublicProposal;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
        observer.merge((Observed.Staged) observer.stage(Scene.wire(message)));
    }

    private void refuses(Rule rule, MlsMessage message) throws MlsException {
        var state = observer.state();
        MlsMessage received = Scene.wire(message);
        assertThatThrownBy(() -> observer.stage(received))
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
        assertThat(observer.stage(scene.group("alice").encrypt(new byte[3]))).isInstanceOf(Observed.Opaque.class);
    }

    @Test
    void tellsOtherGroupsAndEpochsApart() throws MlsException {
        Scene other = Scene.empty(scene.group("alice").cipherSuite());
        var stranger = other.client("stranger").client().createGroup();
        MlsMessage foreign = stranger.encrypt(new byte[1]);
        assertThatThrownBy(() -> observer.stage(foreign)).isInstanceOf(UnknownGroupException.class);
        MlsMessage old = scene.group("bob").commit().build().message();
        StagedCommit commit = scene.group("alice").commit().build();
        MlsMessage message = commit.message();
        scene.follow("alice", commit);
        MlsMessage future = scene.group("alice").commit().build().message();
        assertThatThrownBy(() -> observer.stage(future)).isInstanceOf(FutureEpochException.class);
        observe(message);
        assertThatThrownBy(() -> observer.stage(old)).isInstanceOf(StaleEpochException.class);
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
        MlsMessage late = scene.group("bob").encrypt(new byte[3]);
        observe(commit.message());
        scene.follow("alice", commit);
        assertThat(observer.isReinitialized()).isTrue();
        refuses(Rule.GROUP_ENDED, commit.message());
        // What was under way when the group ended, members still read.
        assertThat(observer.stage(Scene.wire(late))).isInstanceOf(Observed.Opaque.class);
        assertThat(scene.group("carol").receive(Scene.wire(late))).isInstanceOf(Received.Application.class);
        Insider stubborn = scene.actor("bob").insider();
        AuthenticatedContent more =
                stubborn.sign(WireFormat.PRIVATE_MESSAGE, new Content.Application(Bytes.fromHex("07")));
        refuses(Rule.GROUP_ENDED, stubborn.privateMessage(more, PaddingPolicy.none()));
    }

    @Test
    @Tag("R-8.4-07")
    void refusesMorePreSharedKeysThanMembersCanCount() throws MlsException {
        Insider insider = scene.actor("bob").insider();
        int nonceLength = insider.crypto().hashLength();
        List<Proposal> keys = new ArrayList<>();
        for (int i = 0; i <= 0xffff; i++) {
            byte[] nonce = ByteBuffer.allocate(nonceLength).putInt(i).array();
            keys.add(new Proposal.PreSharedKey(new PreSharedKeyId.External(Bytes.EMPTY, Bytes.wrap(nonce))));
        }
        refuses(Rule.PSK_COUNT, insider.commit(keys, Optional.empty()));
        assertThat(observer.stage(insider.commit(keys.subList(1, keys.size()), Optional.empty())))
                .isInstanceOf(StagedPublicCommit.class);
    }

    @Test
    void stagingKeepsNothingUntilTheMerge() throws MlsException {
        MlsMessage update = scene.group("bob").proposeUpdate();
        StagedPublicProposal proposal = (StagedPublicProposal) observer.stage(update);
        assertThat(observer.pendingProposals()).isEmpty();
        scene.deliver("bob", update);
        MlsMessage commit = scene.group("alice").commit().build().message();
        refuses(Rule.PROPOSAL_REFERENCE_UNKNOWN, commit);
        observer.merge(proposal);
        assertThat(observer.pendingProposals()).containsExactly(proposal.proposal());
        StagedPublicCommit staged = (StagedPublicCommit) observer.stage(commit);
        assertThat(observer.state()).isSameAs(staged.base());
        assertThat(observer.pendingProposals()).hasSize(1);
        observer.merge(staged);
        assertThat(observer.state()).isSameAs(staged.nextState());
        assertThat(observer.pendingProposals()).isEmpty();
    }

    @Test
    void takesAProposalOnce() throws MlsException {
        MlsMessage update = scene.group("bob").proposeUpdate();
        observe(update);
        assertThatThrownBy(() -> observer.stage(update)).isInstanceOf(DuplicateMessageException.class);
        assertThat(observer.pendingProposals()).hasSize(1);
    }

    @Test
    void showsTheAuthenticatedDataOfHandshakes() throws MlsException {
        Bytes data = Bytes.fromHex("c0ffee");
        StagedCommit commit =
                scene.group("alice").commit().authenticatedData(data).build();
        assertThat(((StagedPublicCommit) observer.stage(commit.message())).authenticatedData())
                .isEqualTo(data);
    }

    @Test
    void anObserverThatFellBehindCatchesUpByTheMessagesInTheirOrder() throws MlsException {
        PublicGroup behind = follow(scene.group("alice").groupInfo(true));
        List<MlsMessage> log = new ArrayList<>();
        for (String name : List.of("alice", "bob", "carol")) {
            MlsMessage update =
                    scene.group("carol".equals(name) ? "bob" : "carol").proposeUpdate();
            scene.deliver("carol".equals(name) ? "bob" : "carol", update);
            StagedCommit commit = scene.group(name).commit().build();
            MlsMessage message = commit.message();
            scene.follow(name, commit);
            log.addAll(List.of(update, message));
        }
        for (MlsMessage message : log) {
            observe(message);
        }
        assertThatThrownBy(() -> behind.stage(log.get(log.size() - 1))).isInstanceOf(FutureEpochException.class);
        for (MlsMessage message : log) {
            behind.merge((Observed.Staged) behind.stage(message));
        }
        assertThat(behind.state()).isEqualTo(observer.state());
        assertThat(behind.state()).isEqualTo(scene.group("alice").state());
    }

    /** A delivery service must be able to use the observer without naming anything that holds or makes a secret. */
    @Test
    void itsPublicSignaturesNameNoSecret() {
        List<Class<?>> facade = List.of(
                PublicGroup.class,
                Observed.class,
                Observed.Opaque.class,
                Observed.Staged.class,
                StagedPublicProposal.class,
                StagedPublicCommit.class,
                ResolvedProposal.class,
                CommitEffects.class,
                Member.class,
                GroupState.class);
        Set<String> secret = Set.of(
                "Secret",
                "Signer",
                "HpkeKeyPair",
                "SignatureKeyPair",
                "RawKeyPair",
                "TreePrivateKeys",
                "KeyPackageBundle",
                "MlsClient",
                "Group",
                "StagedCommit");
        Set<String> named = new TreeSet<>();
        for (Class<?> type : facade) {
            for (Method method : type.getMethods()) {
                named.add(method.toGenericString());
            }
            for (Constructor<?> constructor : type.getConstructors()) {
                named.add(constructor.toGenericString());
            }
        }
        assertThat(named).isNotEmpty().allSatisfy(signature -> {
            for (String word : signature.split("[^\\w.$]+")) {
                assertThat(word).doesNotStartWith("org.coppice.mls.schedule.");
                assertThat(secret).doesNotContain(word.substring(word.lastIndexOf('.') + 1));
            }
        });
    }

    @Test
    void refusesACommitFromAnEpochThatItHasLeft() throws MlsException {
        StagedCommit commit = scene.group("alice").commit().build();
        Observed.Staged first = (Observed.Staged) observer.stage(commit.message());
        Observed.Staged second = (Observed.Staged) observer.stage(commit.message());
        observer.merge(first);
        assertThatThrownBy(() -> observer.change(second)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> observer.merge(second)).isInstanceOf(IllegalStateException.class);
    }
}
