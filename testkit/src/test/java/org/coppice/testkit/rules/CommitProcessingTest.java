package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a member checks of a Commit (RFC 9420 §12.4.2). After each refusal it follows the genuine one. */
class CommitProcessingTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private final AtomicBoolean pskAtHand = new AtomicBoolean(true);
    private Scene scene;
    private Actor alice;
    private Actor bob;
    private Insider insider;

    @BeforeEach
    void fourMembers() throws MlsException {
        scene = Scene.empty(
                        SUITE,
                        builder ->
                                builder.psks(id -> pskAtHand.get() ? Optional.of(Secret.zeros(32)) : Optional.empty()))
                .withGroup(Extensions.EMPTY, "alice", "bob", "carol", "dave");
        scene.commit("dave");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
        insider = alice.insider();
    }

    private StagedCommit commit() throws MlsException {
        return alice.group().commit().build();
    }

    private static AuthenticatedContent content(MlsMessage message) {
        return ((PublicMessage) message.body()).authenticated();
    }

    private void refusesPath(Rule rule, UnaryOperator<UpdatePath> change) throws Exception {
        StagedCommit genuine = commit();
        MlsMessage bad = insider.alter(
                genuine.message(),
                commit -> new Commit(
                        commit.proposals(),
                        Optional.of(change.apply(commit.path().orElseThrow()))));
        Refusals.refusesThenFollows(rule, bob, bad, genuine);
    }

    /** The path's leaf with another key, signed again. */
    private LeafNode leaf(LeafNode old, HpkePublicKey key, LeafNodeSource source, LeafNode.Position position) {
        try {
            return LeafNode.sign(old.content(), key, source, position, insider.crypto(), insider.signer());
        } catch (MlsException e) {
            throw new AssertionError(e);
        }
    }

    private LeafNode.Position position() {
        return new LeafNode.Position(alice.group().groupId(), alice.group().ownLeaf());
    }

    private static UpdatePath withKey(UpdatePath path, int at, HpkePublicKey key) {
        List<UpdatePath.Node> nodes = new ArrayList<>(path.nodes());
        nodes.set(at, new UpdatePath.Node(key, nodes.get(at).encryptedPathSecret()));
        return new UpdatePath(path.leafNode(), nodes);
    }

    @Test
    @Tag("R-12.4.2-01")
    void rejectsACommitOfAnotherEpoch() throws Exception {
        StagedCommit late = commit();
        scene.commit("carol");
        Refusals.refuses(Rule.STALE_EPOCH, bob, late.message());
        alice.group().merge(commit());
        StagedCommit ahead = commit();
        Refusals.refuses(Rule.FUTURE_EPOCH, bob, ahead.message());
    }

    @Test
    @Tag("R-12.4.2-02")
    void rejectsACommitWithoutTheKeysOfTheEpoch() throws Exception {
        StagedCommit genuine = commit();
        PublicMessage body = (PublicMessage) genuine.message().body();
        byte[] tag = body.membershipTag().orElseThrow().toByteArray();
        tag[0] ^= 1;
        MlsMessage bad = new MlsMessage(new PublicMessage(body.authenticated(), Optional.of(Bytes.wrap(tag))));
        Refusals.refusesThenFollows(Rule.MEMBERSHIP_TAG, bob, bad, genuine);
    }

    @Test
    @Tag("R-12.4.2-02")
    void rejectsAPrivateCommitThatDoesNotOpen() throws Exception {
        StagedCommit genuine =
                alice.group().commit().wireFormat(WireFormat.PRIVATE_MESSAGE).build();
        PrivateMessage body = (PrivateMessage) genuine.message().body();
        byte[] ciphertext = body.ciphertext().toByteArray();
        ciphertext[ciphertext.length - 1] ^= 1;
        MlsMessage bad = new MlsMessage(new PrivateMessage(
                body.groupId(),
                body.epoch(),
                body.contentType(),
                body.authenticatedData(),
                body.encryptedSenderData(),
                Bytes.wrap(ciphertext)));
        Refusals.refusesToOpen(bob, () -> bob.group().receive(Scene.wire(bad)));
        bob.group().merge(bob.group().stage(Scene.wire(genuine.message())));
        assertThat(bob.group().state()).isEqualTo(genuine.nextState());
    }

    @Test
    @Tag("R-12.4.2-03")
    void rejectsACommitThatItsSenderDidNotSign() throws Exception {
        StagedCommit genuine = commit();
        Signer carol = scene.actor("carol").client().signer();
        MlsMessage bad = insider.signingWith(carol).alter(genuine.message(), commit -> commit);
        Refusals.refusesThenFollows(Rule.MESSAGE_SIGNATURE, bob, bad, genuine);
    }

    @Test
    @Tag("R-12.4.2-04")
    @Tag("R-12.4.2-15")
    void rejectsACommitWithAnInvalidList() throws Exception {
        StagedCommit genuine = commit();
        MlsMessage bad = insider.alter(
                genuine.message(),
                commit -> new Commit(
                        List.of(new Commit.ByValue(
                                new Proposal.Remove(alice.group().ownLeaf()))),
                        commit.path()));
        Refusals.refusesThenFollows(Rule.REMOVE_OF_COMMITTER, bob, bad, genuine);
    }

    @Test
    @Tag("R-12.4.2-05")
    void aPskThatIsNotAtHandFailsBeforeAnythingChanges() throws Exception {
        StagedCommit genuine =
                alice.group().commit().externalPsk(Bytes.fromHex("5e")).build();
        pskAtHand.set(false);
        Refusals.refuses(Rule.PSK_UNKNOWN, bob, genuine.message());
        pskAtHand.set(true);
        bob.group().merge(bob.group().stage(Scene.wire(genuine.message())));
        assertThat(bob.group().state()).isEqualTo(genuine.nextState());
    }

    @Test
    @Tag("R-12.4.2-07")
    void rejectsAPathLeafOfAnotherSource() throws Exception {
        refusesPath(
                Rule.LEAF_SOURCE,
                path -> new UpdatePath(
                        leaf(path.leafNode(), path.leafNode().encryptionKey(), new LeafNodeSource.Update(), position()),
                        path.nodes()));
    }

    @Test
    @Tag("R-12.4.2-07")
    void rejectsAPathLeafThatDoesNotValidate() throws Exception {
        refusesPath(
                Rule.LEAF_SIGNATURE,
                path -> new UpdatePath(
                        leaf(
                                path.leafNode(),
                                path.leafNode().encryptionKey(),
                                path.leafNode().source(),
                                new LeafNode.Position(Bytes.EMPTY, alice.group().ownLeaf())),
                        path.nodes()));
    }

    @Test
    @Tag("R-12.4.2-08")
    void rejectsAPathLeafThatKeepsTheCommittersKey() throws Exception {
        HpkePublicKey present = alice.group()
                .state()
                .tree()
                .encryptionKey(alice.group().ownLeaf().toNodeIndex())
                .orElseThrow();
        refusesPath(
                Rule.LEAF_ENCRYPTION_KEY_REUSED,
                path -> new UpdatePath(
                        leaf(path.leafNode(), present, path.leafNode().source(), position()), path.nodes()));
    }

    @Test
    @Tag("R-12.4.2-09")
    void rejectsAPathKeyThatIsInTheTree() throws Exception {
        for (long node : new long[] {2, 3, 5}) {
            HpkePublicKey known = bob.group()
                    .state()
                    .tree()
                    .encryptionKey(new NodeIndex(node))
                    .orElseThrow();
            Refusals.refuses(
                    Rule.PATH_KEY_NOT_FRESH,
                    bob,
                    insider.alter(
                            commit().message(),
                            commit -> new Commit(
                                    commit.proposals(),
                                    Optional.of(withKey(commit.path().orElseThrow(), 1, known)))));
        }
        HpkePublicKey leaf =
                bob.group().state().tree().encryptionKey(new NodeIndex(4)).orElseThrow();
        refusesPath(
                Rule.PATH_KEY_NOT_FRESH,
                path -> new UpdatePath(
                        leaf(path.leafNode(), leaf, path.leafNode().source(), position()), path.nodes()));
    }

    @Test
    @Tag("R-12.4.2-10")
    void rejectsAPathKeyThatOccursTwice() throws Exception {
        refusesPath(
                Rule.PATH_KEY_TWICE,
                path -> withKey(path, 1, path.nodes().get(0).encryptionKey()));
    }

    @Test
    @Tag("R-12.4.2-10")
    void rejectsAPathNodeWithTheKeyOfThePathsLeaf() throws Exception {
        refusesPath(
                Rule.PATH_KEY_TWICE, path -> withKey(path, 0, path.leafNode().encryptionKey()));
    }

    @Test
    @Tag("R-12.4.2-11")
    @Tag("R-16-08")
    void rejectsAPathLeafWithTheSignatureKeyOfAnotherMember() throws Exception {
        Signer carol = scene.actor("carol").client().signer();
        refusesPath(Rule.DUPLICATE_SIGNATURE_KEY, path -> {
            LeafNode.Content old = path.leafNode().content();
            try {
                return new UpdatePath(
                        LeafNode.sign(
                                new LeafNode.Content(
                                        carol.publicKey(), old.credential(), old.capabilities(), old.extensions()),
                                path.leafNode().encryptionKey(),
                                path.leafNode().source(),
                                position(),
                                insider.crypto(),
                                carol),
                        path.nodes());
            } catch (MlsException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    @Tag("R-12.4.2-14")
    void rejectsAWrongConfirmationTag() throws Exception {
        StagedCommit genuine = commit();
        AuthenticatedContent content = content(genuine.message());
        byte[] tag = content.confirmationTag().orElseThrow().toByteArray();
        tag[31] ^= 1;
        for (byte[] wrong : List.of(tag, new byte[0], java.util.Arrays.copyOf(tag, 31))) {
            Refusals.refuses(
                    Rule.CONFIRMATION_TAG, bob, insider.publicMessage(content.withConfirmationTag(Bytes.wrap(wrong))));
        }
        bob.group().merge(bob.group().stage(Scene.wire(genuine.message())));
        assertThat(bob.group().state()).isEqualTo(genuine.nextState());
    }

    // ---- the end of a membership

    @Test
    @Tag("R-12.4.2-16")
    void afterAReInitNothingMoreIsSent() throws Exception {
        scene.follow(
                "alice",
                alice.group()
                        .commit()
                        .reInit(new Proposal.ReInit(
                                Bytes.fromHex("07"), ProtocolVersion.MLS10, SUITE, Extensions.EMPTY))
                        .build());
        for (Actor actor : List.of(alice, bob)) {
            Group group = actor.group();
            assertThat(group.status()).isEqualTo(GroupStatus.REINITIALIZED);
            assertThatThrownBy(() -> group.encrypt(new byte[] {1})).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(group::proposeUpdate).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> group.commit().build()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> group.groupInfo(true)).isInstanceOf(IllegalStateException.class);
        }
        Insider stubborn = alice.insider();
        Refusals.refuses(Rule.GROUP_ENDED, bob, stubborn.proposal(new Proposal.Remove(new LeafIndex(2))));
        AuthenticatedContent text =
                stubborn.sign(WireFormat.PRIVATE_MESSAGE, new Content.Application(Bytes.fromHex("07")));
        Refusals.refuses(Rule.GROUP_ENDED, bob, stubborn.privateMessage(text, PaddingPolicy.none()));
    }

    @Test
    @Tag("R-12.4.2-18")
    @Tag("R-12.4.2-19")
    @Tag("R-14-03")
    void aCommitThatRemovesTheReceiverEndsItsMembership() throws Exception {
        StagedCommit remove =
                alice.group().commit().remove(bob.group().ownLeaf()).build();
        // Invalid in what bob can check: refused, although it removes him.
        MlsMessage bad = insider.alter(remove.message(), commit -> new Commit(commit.proposals(), Optional.empty()));
        Refusals.refuses(Rule.PATH_REQUIRED, bob, bad);
        StagedCommit staged = bob.group().stage(Scene.wire(remove.message()));
        assertThat(staged.effects().selfRemoved()).isTrue();
        assertThat(bob.group().status()).isEqualTo(GroupStatus.ACTIVE);
        bob.group().merge(staged);
        assertThat(bob.group().status()).isEqualTo(GroupStatus.REMOVED);
        assertThat(bob.snapshot()).isEmpty();
        assertThatThrownBy(() -> bob.group().epochAuthenticator()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bob.group().encrypt(new byte[] {1})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bob.group().ownLeaf()).isInstanceOf(IllegalStateException.class);
        alice.group().merge(remove);
        for (MlsMessage later : List.of(
                remove.message(),
                alice.group().encrypt(new byte[] {1}),
                alice.group().proposeUpdate())) {
            Refusals.refuses(Rule.GROUP_ENDED, bob, later);
        }
    }

    @Test
    @Tag("R-12.4.2-21")
    void whoIsRemovedDecryptsNoPathSecret() throws Exception {
        StagedCommit remove =
                alice.group().commit().remove(bob.group().ownLeaf()).build();
        MlsMessage undecipherable = insider.alter(
                remove.message(),
                commit -> new Commit(commit.proposals(), commit.path().map(CommitProcessingTest::withoutCiphertexts)));
        Refusals.refuses(Rule.PATH_DECRYPTION, scene.actor("carol"), undecipherable);
        assertThat(bob.group().stage(Scene.wire(undecipherable)).effects().selfRemoved())
                .isTrue();
    }

    private static UpdatePath withoutCiphertexts(UpdatePath path) {
        HpkeCiphertext broken = new HpkeCiphertext(Bytes.wrap(new byte[32]), Bytes.wrap(new byte[48]));
        return new UpdatePath(
                path.leafNode(),
                path.nodes().stream()
                        .map(node -> new UpdatePath.Node(
                                node.encryptionKey(),
                                node.encryptedPathSecret().stream()
                                        .map(old -> broken)
                                        .toList()))
                        .toList());
    }
}
