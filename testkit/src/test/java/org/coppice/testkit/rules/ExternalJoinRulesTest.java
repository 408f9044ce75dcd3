package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
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
import org.coppice.mls.group.Group;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.ForgedTree;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Joining by an external Commit, and following one (RFC 9420 §12.4.3.2). */
class ExternalJoinRulesTest {
    private static final Bytes PSK_ID = Bytes.fromHex("5e");
    private static final Secret PSK = Secret.wrap(new byte[32]);
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private Scene scene;
    private Actor joiner;
    private Actor bob;

    @BeforeEach
    void twoMembersAndAStranger() throws MlsException {
        scene = Scene.empty(
                        SUITE,
                        builder -> builder.psks(id -> id.equals(PSK_ID) ? Optional.of(PSK.copy()) : Optional.empty()))
                .withGroup(Extensions.EMPTY, "alice", "bob");
        joiner = scene.client("joiner");
        bob = scene.actor("bob");
    }

    private static GroupInfo body(MlsMessage message) {
        return ((MlsMessage.GroupInfo) message.body()).groupInfo();
    }

    private GroupInfo info() throws MlsException {
        return body(scene.group("alice").groupInfo(true));
    }

    private ExternalJoin join(GroupInfo info) throws MlsException {
        return joiner.client().joinExternally(Scene.wire(new MlsMessage(new MlsMessage.GroupInfo(info))));
    }

    private void refusesToJoin(Rule rule, GroupInfo info) throws MlsException {
        Refusals.refuses(rule, joiner, () -> join(info));
        try (ExternalJoin genuine = join(info())) {
            assertThat(genuine.state().epoch()).isEqualTo(scene.group("alice").epoch() + 1);
        }
    }

    private GroupInfo resign(GroupInfo info, Extensions extensions, Signer signer) throws CryptoException {
        return GroupInfo.sign(
                info.groupContext(),
                extensions,
                info.confirmationTag(),
                info.signer(),
                joiner.client().crypto(),
                signer);
    }

    private GroupInfo withContext(UnaryOperator<GroupContext> change) throws MlsException {
        GroupInfo info = info();
        return GroupInfo.sign(
                change.apply(info.groupContext()),
                info.extensions(),
                info.confirmationTag(),
                info.signer(),
                joiner.client().crypto(),
                alice());
    }

    private Signer alice() {
        return scene.actor("alice").client().signer();
    }

    // ---- the joiner and its GroupInfo

    @Test
    @Tag("R-12.4.3.1-13")
    @Tag("R-12.4.3.1-14")
    void rejectsAGroupInfoOfAnotherSuiteOrVersion() throws MlsException {
        CipherSuite other = CipherSuite.MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519;
        refusesToJoin(Rule.GROUP_INFO_SUITE, withContext(old -> context(old, old.version(), other)));
        refusesToJoin(
                Rule.GROUP_INFO_SUITE, withContext(old -> context(old, new ProtocolVersion(2), old.cipherSuite())));
    }

    private static GroupContext context(GroupContext old, ProtocolVersion version, CipherSuite suite) {
        return new GroupContext(
                version,
                suite,
                old.groupId(),
                old.epoch(),
                old.treeHash(),
                old.confirmedTranscriptHash(),
                old.extensions());
    }

    @Test
    @Tag("R-12.4.3.2-01")
    void externalPubIsAVectorInTheGroupInfoOnly() throws MlsException {
        Bytes key = scene.actor("alice")
                .insider()
                .secrets()
                .externalKeyPair()
                .publicKey()
                .data();
        Bytes expected = new TlsWriter().vector(key).toBytes();
        assertThat(info().extensions().find(ExtensionType.EXTERNAL_PUB)).contains(expected);
        assertThat(info().groupContext().extensions().types()).isEmpty();
    }

    @Test
    @Tag("R-12.4.3.2-02")
    void doesNotJoinWithoutExternalPubOrTree() throws MlsException {
        Extensions extensions = info().extensions();
        refusesToJoin(
                Rule.GROUP_INFO_WITHOUT_EXTERNAL_PUB,
                resign(info(), extensions.without(ExtensionType.EXTERNAL_PUB), alice()));
        refusesToJoin(
                Rule.RATCHET_TREE_MISSING, resign(info(), extensions.without(ExtensionType.RATCHET_TREE), alice()));
    }

    @Test
    @Tag("R-12.4.3.2-02")
    @Tag("R-12.4.3-07")
    void doesNotJoinByAGroupInfoThatItsSignerDidNotSign() throws MlsException {
        refusesToJoin(
                Rule.GROUP_INFO_SIGNATURE,
                resign(info(), info().extensions(), bob.client().signer()));
    }

    @Test
    @Tag("R-12.4.3.2-02")
    @Tag("R-12.4.3.3-07")
    void checksTheTreeAsAJoinerByWelcomeDoes() throws MlsException {
        SuiteCrypto crypto = joiner.client().crypto();
        ForgedTree tree = ForgedTree.of(scene.group("alice").state().tree(), crypto);
        tree.parent(
                new NodeIndex(1),
                old -> new ParentNode(old.encryptionKey(), Bytes.fromHex("00"), old.unmergedLeaves()));
        Extensions forged = info().extensions().with(new Extension(ExtensionType.RATCHET_TREE, tree.encoded()));
        refusesToJoin(Rule.TREE_HASH, resign(info(), forged, alice()));
        refusesToJoin(
                Rule.PARENT_HASH,
                GroupInfo.sign(
                        info().groupContext().provisional(tree.hash(), Extensions.EMPTY),
                        forged,
                        info().confirmationTag(),
                        new LeafIndex(0),
                        crypto,
                        alice()));
    }

    @Test
    @Tag("R-12.4.3.2-02")
    @Tag("R-12.4.3-05")
    @Tag("R-13.4-08")
    void doesNotJoinAGroupWithAnExtensionItDoesNotSupport() throws MlsException {
        Extensions unknown = Extensions.of(new Extension(new ExtensionType(0xf123), Bytes.EMPTY));
        refusesToJoin(
                Rule.GROUP_INFO_EXTENSION_NOT_SUPPORTED,
                GroupInfo.sign(
                        info().groupContext().provisional(info().groupContext().treeHash(), unknown),
                        info().extensions(),
                        info().confirmationTag(),
                        new LeafIndex(0),
                        joiner.client().crypto(),
                        alice()));
    }

    @Test
    @Tag("R-12.4.3-06")
    void doesNotJoinAGroupThatItIsInUnlessItReplacesItsLeaf() throws MlsException {
        MlsMessage info = scene.group("alice").groupInfo(true);
        Refusals.refuses(Rule.GROUP_ID_IN_USE, bob, () -> bob.client().joinExternally(info));
        try (ExternalJoin resync =
                bob.client().joinExternally(ExternalJoinRequest.of(info).replacing(new LeafIndex(1)))) {
            assertThat(resync.state().tree().leaf(new LeafIndex(1))).isPresent();
        }
    }

    // ---- what the joiner sends

    @Test
    @Tag("R-12.4.3.2-03")
    @Tag("R-12.4.3.2-05")
    @Tag("R-12.4.3.2-07")
    @Tag("R-12.4.3.2-09")
    @Tag("R-12.4.3.2-11")
    @Tag("R-12.4.1-07")
    void sendsASignedPathAndNoReferences() throws MlsException {
        try (ExternalJoin join = join(info())) {
            AuthenticatedContent content = ((PublicMessage) join.commit().body()).authenticated();
            assertThat(content.content().sender()).isInstanceOf(Sender.NewMemberCommit.class);
            Commit commit = ((Content.Commit) content.content().content()).commit();
            assertThat(commit.proposals()).allMatch(entry -> entry instanceof Commit.ByValue);
            UpdatePath path = commit.path().orElseThrow();
            SuiteCrypto crypto = joiner.client().crypto();
            Bytes context = scene.group("alice").state().encodedContext();
            assertThat(content.verify(path.leafNode().signatureKey(), context, crypto))
                    .isPresent();
            LeafNode.Position position =
                    new LeafNode.Position(scene.group("alice").groupId(), new LeafIndex(2));
            assertThat(path.leafNode().verifySignature(position, crypto)).isTrue();
        }
    }

    @Test
    @Tag("R-12.4.1-03")
    void takesTheLeftmostBlankLeafAfterTheProposals() throws MlsException {
        // A full tree is extended.
        try (ExternalJoin join = join(info())) {
            assertThat(join.state().tree().leaf(new LeafIndex(2))).isPresent();
            assertThat(join.state().tree().size()).isEqualTo(4);
        }
        // A resync frees the old leaf first, and so gets it again.
        scene.client("carol");
        scene.add("alice", "carol");
        ExternalJoin resync = bob.client()
                .joinExternally(ExternalJoinRequest.of(scene.group("alice").groupInfo(true))
                        .replacing(new LeafIndex(1)));
        var staged = scene.group("alice").stage(Scene.wire(resync.commit()));
        assertThat(staged.effects().removed()).hasSize(1);
        assertThat(staged.effects().added().get(0).leafIndex()).isEqualTo(new LeafIndex(1));
        scene.group("alice").merge(staged);
        assertThat(resync.group().epochAuthenticator())
                .isEqualTo(scene.group("alice").epochAuthenticator());
    }

    @Test
    @Tag("R-12.4.3.2-08")
    void oldAndNewMembersUseTheExternalInitSecret() throws MlsException {
        // Everybody stages with the secrets of its own side; the confirmation tag shows that the sides meet.
        ExternalJoin join = join(info());
        follow(join);
        assertThat(join.group().epochAuthenticator())
                .isEqualTo(scene.group("bob").epochAuthenticator());
    }

    private void follow(ExternalJoin join) throws MlsException {
        for (String name : List.of("alice", "bob")) {
            Group group = scene.group(name);
            group.merge(group.stage(Scene.wire(join.commit())));
            assertThat(group.state()).isEqualTo(join.state());
        }
    }

    // ---- what members refuse

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
        twin.become(org.coppice.mls.group.MlsClient.of(
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
        twin.become(org.coppice.mls.group.MlsClient.of(
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
}
