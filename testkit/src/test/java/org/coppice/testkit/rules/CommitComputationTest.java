package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.InitSecret;
import org.coppice.mls.schedule.JoinerSecret;
import org.coppice.mls.schedule.MemberSecret;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.forge.WelcomeForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a committer computes (RFC 9420 §12.4.1), compared with the formulas of the RFC written out here. */
class CommitComputationTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final Bytes PSK_A = Bytes.fromHex("aa");
    private static final Bytes PSK_B = Bytes.fromHex("bb");

    private Scene scene;
    private Group alice;

    @BeforeEach
    void twoMembers() throws MlsException {
        scene = Scene.empty(SUITE, builder -> builder.psks(CommitComputationTest::psk))
                .withGroup(Extensions.EMPTY, "alice", "bob");
        alice = scene.group("alice");
    }

    private static Optional<Secret> psk(Bytes id) {
        return Optional.of(Secret.wrap(("psk " + id.toHex()).getBytes(StandardCharsets.UTF_8)));
    }

    private static AuthenticatedContent content(StagedCommit staged) {
        return ((PublicMessage) staged.message().body()).authenticated();
    }

    private static Commit commitOf(StagedCommit staged) {
        return ((Content.Commit) content(staged).content().content()).commit();
    }

    /** §12.4.1: the GroupContext as it is while path secrets are encrypted. */
    private static GroupContext provisional(GroupState old, StagedCommit staged) {
        GroupContext next = staged.nextState().context();
        return new GroupContext(
                next.version(),
                next.cipherSuite(),
                old.groupId(),
                old.epoch() + 1,
                staged.nextState().tree().treeHash(),
                old.context().confirmedTranscriptHash(),
                next.extensions());
    }

    /** §8.2: what the Commit adds to the transcript. */
    private static Bytes confirmedHash(GroupState old, AuthenticatedContent content, SuiteCrypto crypto) {
        return crypto.hash(
                new TlsWriter().raw(old.interimTranscriptHash()).raw(content.confirmedTranscriptHashInput()));
    }

    private void assertEpoch(Insider insider, StagedCommit staged, CommitSecret commitSecret) {
        SuiteCrypto crypto = insider.crypto();
        GroupState old = insider.state();
        Bytes confirmed = confirmedHash(old, content(staged), crypto);
        GroupContext context = provisional(old, staged).withConfirmedTranscriptHash(confirmed);
        assertThat(staged.nextState().context()).isEqualTo(context);
        InitSecret init = insider.secrets().initSecret();
        Bytes encoded = SuiteCrypto.encode(context);
        try (JoinerSecret joiner = JoinerSecret.derive(init, commitSecret, encoded, crypto);
                MemberSecret member = MemberSecret.derive(joiner, PskSecret.none(crypto), crypto);
                EpochSecrets next = member.epochSecrets(encoded)) {
            Bytes tag = next.confirmationTag(confirmed);
            assertThat(content(staged).confirmationTag()).contains(tag);
            assertThat(staged.nextState().confirmationTag()).isEqualTo(tag);
            assertThat(staged.nextState().interimTranscriptHash())
                    .isEqualTo(crypto.hash(new TlsWriter().raw(confirmed).vector(tag)));
        }
    }

    @Test
    void aCommitThatAddsNobodyHasNoWelcome() throws MlsException {
        assertThat(alice.commit().build().welcome()).isEmpty();
    }

    @Test
    @Tag("R-12.4.1-01")
    @Tag("R-12.4.1-05")
    @Tag("R-12.4.1-08")
    @Tag("R-12.4.2-13")
    void aCommitWithoutPathLeadsToTheEpochOfTheFormulas() throws MlsException {
        Insider insider = scene.actor("alice").insider();
        GroupState before = alice.state();
        scene.client("carol");
        StagedCommit staged = alice.commit()
                .add(scene.actor("carol").client().generateKeyPackage().keyPackage())
                .withoutPath()
                .build();
        assertThat(alice.state()).isEqualTo(before);
        assertEpoch(insider, staged, CommitSecret.wrap(Secret.zeros(32)));
        assertThat(scene.group("bob").stage(Scene.wire(staged.message())).nextState())
                .isEqualTo(staged.nextState());
    }

    @Test
    @Tag("R-12.4.1-04")
    @Tag("R-12.4.1-06")
    @Tag("R-12.4.1-12")
    @Tag("R-12.4.2-12")
    void aCommitWithPathLeadsToTheEpochOfTheFormulas() throws MlsException {
        Insider insider = scene.actor("alice").insider();
        Joining joining = Joining.of(scene, "alice", commit -> commit);
        SuiteCrypto crypto = joining.crypto();
        // The joiner at leaf 2 and alice at leaf 0 meet at the root, so its path secret is the last one.
        Secret last = joining.forge().pathSecret().orElseThrow();
        assertEpoch(insider, joining.commit, CommitSecret.wrap(crypto.deriveSecret(last, "path")));
        assertThat(scene.group("bob")
                        .stage(Scene.wire(joining.commit.message()))
                        .nextState())
                .isEqualTo(joining.commit.nextState());
    }

    @Test
    @Tag("R-12.4.1-06")
    void pathSecretsAreEncryptedUnderTheProvisionalContext() throws MlsException {
        scene.client("carol");
        KeyPackageBundle bundle = scene.actor("carol").client().generateKeyPackage();
        HpkeKeyPair leafKey = bundle.leafKeyPair().copy();
        StagedCommit add = alice.commit().add(bundle.keyPackage()).build();
        scene.follow("alice", add);
        scene.actor("carol")
                .enter(scene.actor("carol").client().join(add.welcome().orElseThrow(), bundle));

        GroupState old = alice.state();
        StagedCommit staged = alice.commit().build();
        UpdatePath path = commitOf(staged).path().orElseThrow();
        UpdatePath.Node root = path.nodes().get(path.nodes().size() - 1);
        SuiteCrypto crypto = alice.crypto();
        Secret pathSecret = crypto.decryptWithLabel(
                leafKey,
                crypto.encryptionContext("UpdatePathNode", SuiteCrypto.encode(provisional(old, staged))),
                root.encryptedPathSecret().get(0));
        HpkeKeyPair pair = crypto.deriveHpkeKeyPair(crypto.deriveSecret(pathSecret, "node"));
        assertThat(pair.publicKey()).isEqualTo(root.encryptionKey());
        assertThat(staged.nextState().tree().encryptionKey(new NodeIndex(3))).contains(pair.publicKey());
    }

    @Test
    @Tag("R-12.4.1-07")
    @Tag("R-12.4.1-09")
    @Tag("R-12.4.1-10")
    @Tag("R-12.4.1-11")
    void theCommitIsSignedWithTheOldKeyAndTheGroupInfoWithTheNewOne() throws MlsException {
        Insider insider = scene.actor("alice").insider();
        SuiteCrypto crypto = insider.crypto();
        Signer oldSigner = scene.actor("alice").client().signer();
        Signer newSigner = crypto.signer(crypto.generateSignatureKeyPair());
        scene.client("carol");
        KeyPackageBundle bundle = scene.actor("carol").client().generateKeyPackage();
        StagedCommit staged = alice.commit()
                .add(bundle.keyPackage())
                .leaf(LeafUpdate.KEY_ONLY.withSigner(newSigner))
                .build();

        Bytes oldContext = alice.state().encodedContext();
        assertThat(content(staged).verify(oldSigner.publicKey(), oldContext, crypto))
                .isPresent();
        assertThat(content(staged).verify(newSigner.publicKey(), oldContext, crypto))
                .isEmpty();
        PublicMessage message = (PublicMessage) staged.message().body();
        insider.secrets()
                .verifyMembershipTag(
                        message.membershipTagInput(oldContext),
                        message.membershipTag().orElseThrow());

        GroupInfo info = WelcomeForge.open(staged.welcome().orElseThrow(), bundle, crypto)
                .genuine();
        assertThat(info.verifySignature(newSigner.publicKey(), crypto)).isTrue();
        assertThat(info.verifySignature(oldSigner.publicKey(), crypto)).isFalse();
        assertThat(info.groupContext()).isEqualTo(staged.nextState().context());
        assertThat(info.confirmationTag())
                .isEqualTo(content(staged).confirmationTag().orElseThrow());
        assertThat(info.signer()).isEqualTo(alice.ownLeaf());

        scene.follow("alice", staged);
        Group carol = scene.actor("carol").client().join(staged.welcome().orElseThrow(), bundle);
        scene.actor("carol").enter(carol);
        // From now on alice signs with the new key.
        scene.commit("alice");
        assertThat(carol.epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
    }

    @Test
    @Tag("R-12.4.1-09")
    void aPrivateCommitUsesTheNextHandshakeGenerationOfTheOldEpoch() throws MlsException {
        StagedCommit staged = alice.commit()
                .wireFormat(org.coppice.mls.framing.WireFormat.PRIVATE_MESSAGE)
                .build();
        Group bob = scene.group("bob");
        bob.merge(bob.stage(Scene.wire(staged.message())));
        assertThat(bob.state()).isEqualTo(staged.nextState());
    }

    @Test
    @Tag("R-12.4.1-12")
    void withoutPathThereIsNoPathSecret() throws MlsException {
        Joining joining = Joining.of(scene, "alice", commit -> commit.withoutPath());
        assertThat(joining.forge().pathSecret()).isEmpty();
        joining.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.1-13")
    void theWelcomeNamesPsksInTheOrderOfTheProposals() throws MlsException {
        Joining joining = Joining.of(
                scene,
                "alice",
                commit -> commit.externalPsk(PSK_B).externalPsk(PSK_A).externalPsk(PSK_B));
        List<PreSharedKeyId> proposed = commitOf(joining.commit).proposals().stream()
                .map(entry -> ((Commit.ByValue) entry).proposal())
                .filter(Proposal.PreSharedKey.class::isInstance)
                .map(proposal -> ((Proposal.PreSharedKey) proposal).psk())
                .toList();
        WelcomeForge forge = WelcomeForge.open(
                joining.welcome(),
                joining.bundle,
                joining.crypto(),
                List.of(psk(PSK_B).get(), psk(PSK_A).get(), psk(PSK_B).get()));
        assertThat(forge.psks()).isEqualTo(proposed).hasSize(3);
        joining.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.1-14")
    @Tag("R-12.4.1-15")
    @Tag("R-12.4.3.1-01")
    void oneWelcomeServesAllWhoWereAddedAndMayBeSplit() throws MlsException {
        KeyPackageBundle carol = scene.client("carol").client().generateKeyPackage();
        KeyPackageBundle dave = scene.client("dave").client().generateKeyPackage();
        StagedCommit staged = alice.commit()
                .addAll(List.of(carol.keyPackage(), dave.keyPackage()))
                .build();
        Welcome welcome = ((MlsMessage.Welcome) staged.welcome().orElseThrow().body()).welcome();
        assertThat(welcome.secrets())
                .extracting(Welcome.EncryptedGroupSecrets::newMember)
                .containsExactly(
                        carol.keyPackage().ref(alice.crypto()),
                        dave.keyPackage().ref(alice.crypto()));
        Group whole = scene.actor("carol").client().join(staged.welcome().orElseThrow(), carol);
        // A delivery service may hand dave his own entry alone.
        MlsMessage part = new MlsMessage(new MlsMessage.Welcome(
                new Welcome(welcome.cipherSuite(), List.of(welcome.secrets().get(1)), welcome.encryptedGroupInfo())));
        Group alone = scene.actor("dave").client().join(JoinRequest.of(Scene.wire(part), List.of(carol, dave)));
        assertThat(alone.state()).isEqualTo(whole.state()).isEqualTo(staged.nextState());
        TlsWriter entries = new TlsWriter();
        for (Welcome.EncryptedGroupSecrets entry : welcome.secrets()) {
            entries.vector(entry.newMember())
                    .vector(entry.encryptedGroupSecrets().kemOutput())
                    .vector(entry.encryptedGroupSecrets().ciphertext());
        }
        assertThat(new TlsWriter().struct(welcome).toBytes())
                .isEqualTo(new TlsWriter()
                        .uint16(1)
                        .vector(entries.toBytes())
                        .vector(welcome.encryptedGroupInfo())
                        .toBytes());
    }

    @Test
    @Tag("R-12.4.3.1-02")
    void groupSecretsAreJoinerSecretPathSecretAndPsks() throws MlsException {
        PreSharedKeyId id = new PreSharedKeyId.External(PSK_A, Bytes.fromHex("00"));
        for (boolean withPath : new boolean[] {true, false}) {
            Secret path = withPath ? Secret.wrap(new byte[] {7}) : null;
            TlsWriter expected = new TlsWriter().vector(new byte[] {5});
            expected = withPath ? expected.uint8(1).vector(new byte[] {7}) : expected.uint8(0);
            expected.list(List.of(id));
            Bytes encoded =
                    Bytes.wrap(new org.coppice.mls.message.GroupSecrets(Secret.wrap(new byte[] {5}), path, List.of(id))
                            .encode()
                            .exposeCopy());
            assertThat(encoded).isEqualTo(expected.toBytes());
            var decoded = org.coppice.mls.message.GroupSecrets.decode(encoded);
            assertThat(decoded.pathSecret().isPresent()).isEqualTo(withPath);
            assertThat(decoded.psks()).containsExactly(id);
        }
    }

    @Test
    @Tag("R-12.4.3-01")
    @Tag("R-12.4.3-02")
    void theGroupInfoIsSignedOverAllButItsSignature() throws MlsException {
        SuiteCrypto crypto = alice.crypto();
        GroupInfo info = ((MlsMessage.GroupInfo) alice.groupInfo(true).body()).groupInfo();
        Bytes signed = new TlsWriter()
                .struct(alice.state().context())
                .struct(info.extensions())
                .vector(alice.state().confirmationTag())
                .uint32(0)
                .toBytes();
        assertThat(Bytes.wrap(info.encoded()))
                .isEqualTo(new TlsWriter().raw(signed).vector(info.signature()).toBytes());
        assertThat(crypto.verifyWithLabel(
                        scene.actor("alice").client().signer().publicKey(), "GroupInfoTBS", signed, info.signature()))
                .isTrue();
        Insider insider = scene.actor("alice").insider();
        assertThat(info.confirmationTag())
                .isEqualTo(insider.secrets()
                        .confirmationTag(alice.state().context().confirmedTranscriptHash()));
    }

    @Test
    @Tag("R-12.4.3-02")
    void theGroupInfoOfEpochZeroHasTheTagOfTheEmptyTranscript() throws MlsException {
        Scene alone = Scene.of("alice");
        GroupInfo info =
                ((MlsMessage.GroupInfo) alone.group("alice").groupInfo(true).body()).groupInfo();
        assertThat(info.confirmationTag())
                .isEqualTo(alone.actor("alice").insider().secrets().confirmationTag(Bytes.EMPTY));
        assertThat(info.signer()).isEqualTo(new LeafIndex(0));
    }

    @Test
    @Tag("R-12.4.3-04")
    void theGroupInfoHasAnExtensionOfAReservedType() throws MlsException {
        GroupInfo info = ((MlsMessage.GroupInfo) alice.groupInfo(false).body()).groupInfo();
        assertThat(info.extensions().types()).anyMatch(type -> org.coppice.mls.codec.CodePoints.isGrease(type.value()));
    }
}
