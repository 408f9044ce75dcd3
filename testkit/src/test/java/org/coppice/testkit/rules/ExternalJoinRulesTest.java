package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.ForgedTree;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which GroupInfo serves to join by an external Commit, and what the joiner sends (RFC 9420 §12.4.3.2). */
class ExternalJoinRulesTest extends ExternalJoinScene {
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
    @Tag("A-6.11-02")
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

    // ---- a client that lost its state

    /** Bob once more, who lost his groups. */
    private MlsClient bobAnew(Bytes name, Signer signer) throws MlsException {
        return MlsClient.of(
                scene.client("bob's new device").client().environment(), SUITE, Credential.basic(name), signer);
    }

    private ExternalJoinRequest returning() throws MlsException {
        return ExternalJoinRequest.of(scene.group("alice").groupInfo(true)).replacingOwnLeaf();
    }

    private static Bytes named(Actor actor) {
        return ((Credential.Basic) actor.client().credential()).identity();
    }

    @Test
    @Tag("R-12.4.3.2-07")
    void findsItsOldLeafByTheSignatureKey() throws MlsException {
        MlsClient bobs = bobAnew(named(bob), bob.client().signer());
        try (ExternalJoin join = bobs.joinExternally(returning())) {
            var staged = scene.group("alice").stage(Scene.wire(join.commit()));
            assertThat(staged.effects().removed())
                    .extracting(Member::leafIndex)
                    .containsExactly(scene.group("bob").ownLeaf());
        }
    }

    @Test
    @Tag("R-12.4.3.2-07")
    void findsItsOldLeafByTheIdentityIfTheKeyIsLostToo() throws MlsException {
        Signer fresh = joiner.client().signer();
        try (ExternalJoin join = bobAnew(named(bob), fresh).joinExternally(returning())) {
            var staged = scene.group("alice").stage(Scene.wire(join.commit()));
            assertThat(staged.effects().removed())
                    .extracting(Member::leafIndex)
                    .containsExactly(scene.group("bob").ownLeaf());
        }
    }

    @Test
    void doesNotReplaceALeafWhereNoneIsItsOwn() throws MlsException {
        Refusals.refuses(
                Rule.EXTERNAL_COMMIT_REMOVE, joiner, () -> joiner.client().joinExternally(returning()));
    }

    @Test
    void doesNotReplaceTheLeafOfAnother() throws MlsException {
        ExternalJoinRequest request = ExternalJoinRequest.of(
                        scene.group("alice").groupInfo(true))
                .replacing(scene.group("bob").ownLeaf());
        Refusals.refuses(
                Rule.EXTERNAL_COMMIT_REMOVE, joiner, () -> joiner.client().joinExternally(request));
    }

    @Test
    void aJoinThatWasDroppedIsNotEntered() throws MlsException {
        ExternalJoin dropped = join(info());
        dropped.close();
        assertThatThrownBy(dropped::group).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> dropped.groupInfo(true)).isInstanceOf(IllegalStateException.class);
        assertThat(joiner.store().groups()).isEmpty();
    }

    /** A second device of the same name, as far as the validator can tell the same client. */
    private void addAnotherOfBobsName() throws MlsException {
        Actor second = scene.client("second");
        second.become(MlsClient.of(
                second.client().environment(),
                SUITE,
                Credential.basic(named(bob)),
                second.client().signer()));
        scene.add("alice", "second");
    }

    @Test
    void doesNotGuessWhichOfTwoLeavesIsItsOwn() throws MlsException {
        addAnotherOfBobsName();
        Refusals.refuses(
                Rule.EXTERNAL_COMMIT_REMOVE,
                joiner,
                () -> bobAnew(named(bob), joiner.client().signer()).joinExternally(returning()));
    }

    @Test
    void knowsItsLeafByTheKeyWhereAnotherHasItsName() throws MlsException {
        addAnotherOfBobsName();
        try (ExternalJoin join = bobAnew(named(bob), bob.client().signer()).joinExternally(returning())) {
            var staged = scene.group("alice").stage(Scene.wire(join.commit()));
            assertThat(staged.effects().removed())
                    .extracting(Member::leafIndex)
                    .containsExactly(scene.group("bob").ownLeaf());
        }
    }

    // ---- what the joiner sends

    @Test
    void theJoinersAuthenticatedDataComeWithItsCommit() throws MlsException {
        ExternalJoinRequest request = ExternalJoinRequest.of(new MlsMessage(new MlsMessage.GroupInfo(info())))
                .withAuthenticatedData(Bytes.fromHex("aa01"));
        try (ExternalJoin join = joiner.client().joinExternally(request)) {
            FramedContent content =
                    ((PublicMessage) join.commit().body()).authenticated().content();
            assertThat(content.authenticatedData().toHex()).isEqualTo("aa01");
            follow(join);
        }
    }

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
}
