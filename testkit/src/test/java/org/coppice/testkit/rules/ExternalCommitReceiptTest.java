package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.environment.PskSource;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which external Commits members follow, and which they refuse (RFC 9420 §12.4.3.2). */
class ExternalCommitReceiptTest extends ExternalJoinScene {
    private static Commit commitOf(MlsMessage message) {
        return ((Content.Commit) ((PublicMessage) message.body())
                        .authenticated()
                        .content()
                        .content())
                .commit();
    }

    /** The joiner's Commit with other content, signed again by {@code signer}. */
    private MlsMessage alter(ExternalJoin join, UnaryOperator<Commit> change, Signer signer) throws CryptoException {
        AuthenticatedContent genuine = ((PublicMessage) join.commit().body()).authenticated();
        GroupState state = scene.group("alice").state();
        FramedContent framed = FramedContent.of(
                genuine.content().header(),
                new Sender.NewMemberCommit(),
                new Content.Commit(change.apply(commitOf(join.commit()))));
        AuthenticatedContent signed = AuthenticatedContent.sign(
                WireFormat.PUBLIC_MESSAGE,
                framed,
                state.encodedContext(),
                joiner.client().crypto(),
                signer);
        return new MlsMessage(new PublicMessage(
                signed.withConfirmationTag(genuine.confirmationTag().orElseThrow()), Optional.empty()));
    }

    private void refusesThenFollows(Rule rule, UnaryOperator<Commit> change) throws MlsException {
        ExternalJoin join = join(info());
        Refusals.refuses(rule, bob, alter(join, change, joiner.client().signer()));
        follow(join);
    }

    private static Commit withProposals(Commit commit, List<Commit.ProposalOrRef> entries) {
        return new Commit(entries, commit.path());
    }

    private static Commit plus(Commit commit, Commit.ProposalOrRef entry) {
        List<Commit.ProposalOrRef> entries = new ArrayList<>(commit.proposals());
        entries.add(entry);
        return withProposals(commit, entries);
    }

    @Test
    void anAlteredCommitThatIsUnchangedIsFollowed() throws MlsException {
        ExternalJoin join = join(info());
        MlsMessage same = alter(join, commit -> commit, joiner.client().signer());
        assertThat(same).isEqualTo(join.commit());
        follow(join);
    }

    @Test
    @Tag("R-12.4.3.2-04")
    void rejectsAnExternalCommitWithoutPath() throws MlsException {
        refusesThenFollows(Rule.EXTERNAL_COMMIT_PATH, commit -> new Commit(commit.proposals(), Optional.empty()));
    }

    @Test
    @Tag("R-12.4.3.2-06")
    void rejectsAnExternalCommitWithAReference() throws MlsException {
        MlsMessage update = scene.group("alice").proposeExternalPsk(PSK_ID);
        bob.group().receive(Scene.wire(update));
        ProposalRef ref = bob.group().pendingProposals().get(0).ref().orElseThrow();
        refusesThenFollows(Rule.EXTERNAL_COMMIT_REFERENCE, commit -> plus(commit, new Commit.ByReference(ref)));
    }

    @Test
    @Tag("R-12.4.3.2-10")
    void rejectsAnExternalCommitWithoutExternalInit() throws MlsException {
        refusesThenFollows(Rule.EXTERNAL_COMMIT_INIT_COUNT, commit -> withProposals(commit, List.of()));
    }

    @Test
    @Tag("R-12.4.3.2-10")
    void rejectsAMembersCommitWithExternalInit() throws MlsException {
        ExternalJoin join = join(info());
        Commit commit = commitOf(join.commit());
        Refusals.refuses(
                Rule.EXTERNAL_INIT_IN_REGULAR_COMMIT,
                bob,
                scene.actor("alice").insider().commit(commit));
        follow(join);
    }

    @Test
    @Tag("R-12.4.3.2-07")
    void rejectsAnExternalCommitSignedByAnother() throws MlsException {
        ExternalJoin join = join(info());
        Refusals.refuses(Rule.MESSAGE_SIGNATURE, bob, alter(join, commit -> commit, alice()));
        follow(join);
    }

    @Test
    @Tag("R-12.4.3.2-11")
    void rejectsAPathLeafSignedForAnotherPlace() throws MlsException {
        Bytes groupId = scene.group("alice").groupId();
        for (LeafNode.Position wrong : List.of(
                new LeafNode.Position(groupId, new LeafIndex(1)),
                new LeafNode.Position(Bytes.EMPTY, new LeafIndex(2)))) {
            ExternalJoin join = join(info());
            UpdatePath path = commitOf(join.commit()).path().orElseThrow();
            LeafNode leaf = LeafNode.sign(
                    path.leafNode().content(),
                    path.leafNode().encryptionKey(),
                    (LeafNodeSource.Commit) path.leafNode().source(),
                    wrong,
                    joiner.client().crypto(),
                    joiner.client().signer());
            Refusals.refuses(
                    Rule.LEAF_SIGNATURE,
                    bob,
                    alter(
                            join,
                            commit -> new Commit(commit.proposals(), Optional.of(new UpdatePath(leaf, path.nodes()))),
                            joiner.client().signer()));
        }
    }

    @Test
    @Tag("R-12.4.2-11")
    void rejectsAPathLeafWithTheSignatureKeyOfAMember() throws MlsException {
        // Bob, who forgot that he is a member, joins once more without removing his leaf.
        Actor twin = scene.client("twin");
        twin.become(MlsClient.of(
                twin.client().environment(),
                SUITE,
                bob.client().credential(),
                bob.client().signer()));
        Actor honest = joiner;
        joiner = twin;
        Refusals.refuses(Rule.DUPLICATE_SIGNATURE_KEY, twin, () -> join(info()));
        joiner = honest;
        ExternalJoin join = join(info());
        UpdatePath path = commitOf(join.commit()).path().orElseThrow();
        LeafNode.Content content = path.leafNode().content();
        LeafNode leaf = LeafNode.sign(
                new LeafNode.Content(
                        bob.client().signer().publicKey(),
                        content.credential(),
                        content.capabilities(),
                        content.extensions()),
                path.leafNode().encryptionKey(),
                path.leafNode().source(),
                new LeafNode.Position(scene.group("alice").groupId(), new LeafIndex(2)),
                joiner.client().crypto(),
                bob.client().signer());
        Refusals.refuses(
                Rule.DUPLICATE_SIGNATURE_KEY,
                scene.actor("alice"),
                alter(
                        join,
                        commit -> new Commit(commit.proposals(), Optional.of(new UpdatePath(leaf, path.nodes()))),
                        bob.client().signer()));
        follow(join);
    }

    @Test
    @Tag("R-12.4.3.2-14")
    @Tag("R-12.4.2-01")
    void aGroupInfoServesOneJoinOnly() throws MlsException {
        GroupInfo info = info();
        try (ExternalJoin late = join(info)) {
            Actor first = scene.client("first");
            ExternalJoin join = first.client().joinExternally(new MlsMessage(new MlsMessage.GroupInfo(info)));
            follow(join);
            Refusals.refuses(Rule.STALE_EPOCH, bob, late.commit());
            // The joiner, or any member, has the next one ready.
            GroupInfo next = body(join.groupInfo(true));
            assertThat(next.groupContext()).isEqualTo(bob.group().state().context());
            assertThat(join(next).state().epoch()).isEqualTo(bob.group().epoch() + 1);
        }
    }

    // ---- what the application decides

    private Scene withPolicy(UnaryOperator<org.coppice.mls.environment.GroupPolicy.Builder> change)
            throws MlsException {
        return Scene.empty(
                        SUITE,
                        builder -> builder.policy(
                                change.apply(Scene.policy().toBuilder()).build()))
                .withGroup(Extensions.EMPTY, "alice", "bob");
    }

    @Test
    @Tag("R-12.4.3.2-13")
    void policyDecidesWhetherExternalCommitsAreAccepted() throws MlsException {
        scene = withPolicy(policy -> policy.externalCommits(false));
        bob = scene.actor("bob");
        Refusals.refuses(Rule.EXTERNAL_COMMIT_REFUSED, bob, join(info()).commit());
    }

    @Test
    @Tag("R-12.4.3.2-12")
    void policyDecidesWhetherMembersMayResync() throws MlsException {
        scene = withPolicy(policy -> policy.resync(false));
        Actor twin = scene.client("twin");
        twin.become(MlsClient.of(
                twin.client().environment(),
                SUITE,
                scene.actor("bob").client().credential(),
                scene.actor("bob").client().signer()));
        Actor alice = scene.actor("alice");
        ExternalJoin resync = twin.client()
                .joinExternally(
                        ExternalJoinRequest.of(alice.group().groupInfo(true)).replacing(new LeafIndex(1)));
        Refusals.refuses(Rule.EXTERNAL_COMMIT_REFUSED, alice, resync.commit());
    }

    @Test
    @Tag("R-12.4.3.2-12")
    @Tag("R-16-04")
    void aPskMayAccompanyAnExternalCommit() throws MlsException {
        Bytes nonce = Bytes.wrap(joiner.client().crypto().randomness().bytes(32));
        ExternalJoin join = joiner.client()
                .joinExternally(ExternalJoinRequest.of(scene.group("alice").groupInfo(true))
                        .withPsks(List.of(new PreSharedKeyId.External(PSK_ID, nonce))));
        follow(join);
        assertThat(join.group().epochAuthenticator()).isEqualTo(bob.group().epochAuthenticator());
    }

    @Test
    void pskNoncesOfAnExternalCommitAreFreshAndOfTheRightLength() throws MlsException {
        ExternalJoinRequest request = ExternalJoinRequest.of(
                        scene.group("alice").groupInfo(true))
                .externalPsk(PSK_ID)
                .externalPsk(PSK_ID);
        ExternalJoin join = joiner.client().joinExternally(request);
        var staged = bob.group().stage(Scene.wire(join.commit()));
        List<PreSharedKeyId> psks = staged.effects().psks();
        assertThat(psks).hasSize(2).doesNotHaveDuplicates();
        assertThat(psks).allSatisfy(psk -> assertThat(psk.pskNonce().length()).isEqualTo(32));
        follow(join);
        assertThat(join.group().epochAuthenticator()).isEqualTo(bob.group().epochAuthenticator());
    }

    @Test
    void aMemberThatLostItsStateMayShowASecretOfThePast() throws MlsException {
        long epoch = bob.group().epoch();
        Secret past = bob.group().resumptionPsk();
        PskSource kept = new PskSource() {
            @Override
            public Optional<Secret> externalPsk(Bytes pskId) {
                return Optional.empty();
            }

            @Override
            public Optional<Secret> resumptionPsk(Bytes groupId, long pskEpoch) {
                return pskEpoch == epoch ? Optional.of(past.copy()) : Optional.empty();
            }
        };
        Actor alice = scene.actor("alice");
        MlsClient old = bob.client();
        MlsClient restored = MlsClient.of(
                old.environment().toBuilder()
                        .store(new InMemoryStateStore())
                        .psks(kept)
                        .build(),
                SUITE,
                old.credential(),
                old.signer());
        ExternalJoin join =
                restored.joinExternally(ExternalJoinRequest.of(alice.group().groupInfo(true))
                        .replacing(bob.group().ownLeaf())
                        .resumptionPsk(alice.group().groupId(), epoch));
        alice.group().merge(alice.group().stage(Scene.wire(join.commit())));
        assertThat(join.group().epochAuthenticator()).isEqualTo(alice.group().epochAuthenticator());
    }
}
