package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Scene;
import org.coppice.testkit.forge.WelcomeForge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a joiner checks of a Welcome and its GroupInfo (RFC 9420 §12.4.3, §12.4.3.1), each rule broken alone. */
class WelcomeRulesTest {
    private static final ExtensionType UNKNOWN = new ExtensionType(0xf123);

    private Scene scene;
    private Joining joining;
    private boolean genuineMustWork = true;

    @BeforeEach
    void aliceAddsAClient() throws MlsException {
        scene = Scene.of("alice", "bob");
        joining = Joining.of(scene, "alice", commit -> commit);
    }

    /** §12.4.3.1: a bad Welcome stores nothing and uses nothing up. */
    @AfterEach
    void theGenuineWelcomeStillWorks() throws MlsException {
        if (genuineMustWork) {
            Group group = joining.joinsByTheGenuineWelcome();
            joining.committer.group().merge(joining.commit);
            assertThat(group.epochAuthenticator())
                    .isEqualTo(joining.committer.group().epochAuthenticator());
        }
    }

    @Test
    @Tag("R-12.4.3.1-33")
    void aForgedWelcomeThatChangesNothingIsAccepted() throws MlsException {
        genuineMustWork = false;
        Group group = joining.join(joining.forge().seal(joining.signer()));
        assertThat(group.state()).isEqualTo(joining.commit.nextState());
    }

    @Test
    @Tag("R-12.4.3.1-04")
    void rejectsAWelcomeForOthers() throws MlsException {
        KeyPackageBundle other = joining.joiner.client().generateKeyPackage();
        Refusals.refuses(
                Rule.WELCOME_NOT_FOR_US,
                joining.joiner,
                () -> joining.joiner.client().join(Scene.wire(joining.welcome()), other));
    }

    @Test
    @Tag("R-12.4.3.1-04")
    void keyPackagesAreNamedByTheHashOfTheirSuite() throws MlsException {
        Scene large =
                Scene.empty(CipherSuite.MLS_256_DHKEMP384_AES256GCM_SHA384_P384).withGroup(Extensions.EMPTY, "alice");
        Joining other = Joining.of(large, "alice", commit -> commit);
        Bytes label = Bytes.wrap("MLS 1.0 KeyPackage Reference".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        TlsWriter input = new TlsWriter().vector(label).vector(SuiteCrypto.encode(other.bundle.keyPackage()));
        Bytes expected = other.crypto().hash(input);
        assertThat(body(other.welcome()).secrets().get(0).newMember()).isEqualTo(expected);
        assertThat(expected.length()).isEqualTo(48);
        other.joinsByTheGenuineWelcome();
    }

    @Test
    @Tag("R-12.4.3.1-05")
    void rejectsAWelcomeOfAnotherSuite() throws MlsException {
        CipherSuite other = CipherSuite.MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519;
        Welcome genuine = body(joining.welcome());
        MlsMessage forged = new MlsMessage(
                new MlsMessage.Welcome(new Welcome(other, genuine.secrets(), genuine.encryptedGroupInfo())));
        joining.refuses(Rule.WELCOME_SUITE, forged);
        // A client of the Welcome's suite whose key package is of another one.
        MlsClient client = MlsClient.create(
                joining.joiner.client().environment(),
                other,
                joining.joiner.client().credential());
        Refusals.refuses(Rule.WELCOME_SUITE, joining.joiner, () -> client.join(Scene.wire(forged), joining.bundle));
    }

    @Test
    @Tag("R-12.4.3.1-06")
    @Tag("R-12.4.3.1-10")
    void rejectsWhatWasChangedUnderEncryption() throws MlsException {
        Welcome genuine = body(joining.welcome());
        byte[] info = genuine.encryptedGroupInfo().toByteArray();
        info[info.length - 1] ^= 1;
        // The GroupInfo is the context of the secrets' encryption, so that not even they open.
        MlsMessage forged = new MlsMessage(
                new MlsMessage.Welcome(new Welcome(genuine.cipherSuite(), genuine.secrets(), Bytes.wrap(info))));
        Refusals.refusesToOpen(joining.joiner, () -> joining.join(forged));
    }

    @Test
    @Tag("R-12.4.3.1-07")
    void rejectsAPskThatIsNotAtHand() throws MlsException {
        joining.refuses(
                Rule.PSK_UNKNOWN,
                joining.forge()
                        .psks(new PreSharedKeyId.External(Bytes.fromHex("01"), nonce(32)))
                        .seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3.1-08")
    void rejectsTwoPsksOfUsageReinitOrBranch() throws MlsException {
        Bytes group = scene.group("alice").groupId();
        joining.refuses(
                Rule.WELCOME_PSKS,
                joining.forge()
                        .psks(
                                new PreSharedKeyId.Resumption(ResumptionPskUsage.REINIT, group, 0, nonce(32)),
                                new PreSharedKeyId.Resumption(ResumptionPskUsage.BRANCH, group, 0, nonce(32)))
                        .seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3.1-09")
    void rejectsAPskNonceOfAnotherLength() throws MlsException {
        for (int length : new int[] {0, 31, 33}) {
            joining.refuses(
                    Rule.PSK_NONCE_LENGTH,
                    joining.forge()
                            .psks(new PreSharedKeyId.External(Bytes.fromHex("01"), nonce(length)))
                            .seal(joining.signer()));
        }
    }

    @Test
    @Tag("R-12.4.3-07")
    @Tag("R-12.4.3.1-11")
    void rejectsAGroupInfoThatItsSignerDidNotSign() throws MlsException {
        joining.refuses(
                Rule.GROUP_INFO_SIGNATURE,
                joining.forge().seal(scene.actor("bob").client().signer()));
        joining.refuses(
                Rule.GROUP_INFO_SIGNATURE,
                joining.forge().signer(new LeafIndex(1)).seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3.1-11")
    void rejectsAGroupInfoWhoseSignerIsBlankOrAbsent() throws MlsException {
        joining.refuses(
                Rule.GROUP_INFO_SIGNER, joining.forge().signer(new LeafIndex(3)).seal(joining.signer()));
        joining.refuses(
                Rule.GROUP_INFO_SIGNER,
                joining.forge().signer(new LeafIndex(0xffffffffL)).seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3-06")
    @Tag("R-12.4.3.1-12")
    void rejectsAGroupThatTheClientIsInAlready() throws MlsException {
        JoinRequest request = JoinRequest.of(Scene.wire(joining.welcome()), List.of(joining.bundle))
                .withMembershipTest(id -> id.equals(scene.group("alice").groupId()));
        Refusals.refuses(
                Rule.GROUP_ID_IN_USE,
                joining.joiner,
                () -> joining.joiner.client().join(request));
        joining.joinsByTheGenuineWelcome();
        genuineMustWork = false;
        // Now its store says so; a further Welcome with another key package makes no difference.
        KeyPackageBundle again = joining.joiner.client().generateKeyPackage();
        MlsMessage welcome = scene.group("alice")
                .commit()
                .add(again.keyPackage())
                .build()
                .welcome()
                .orElseThrow();
        Refusals.refuses(
                Rule.GROUP_ID_IN_USE,
                joining.joiner,
                () -> joining.joiner.client().join(Scene.wire(welcome), again));
    }

    @Test
    @Tag("R-12.4.3.1-13")
    @Tag("A-6.11-02")
    void rejectsAGroupInfoOfAnotherSuite() throws MlsException {
        joining.refuses(
                Rule.GROUP_INFO_SUITE,
                joining.forge()
                        .context(old -> new GroupContext(
                                old.version(),
                                CipherSuite.MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519,
                                old.groupId(),
                                old.epoch(),
                                old.treeHash(),
                                old.confirmedTranscriptHash(),
                                old.extensions()))
                        .seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3.1-14")
    @Tag("A-6.11-02")
    void rejectsAGroupInfoOfAnotherVersion() throws MlsException {
        joining.refuses(
                Rule.GROUP_INFO_SUITE,
                joining.forge()
                        .context(old -> new GroupContext(
                                new ProtocolVersion(2),
                                old.cipherSuite(),
                                old.groupId(),
                                old.epoch(),
                                old.treeHash(),
                                old.confirmedTranscriptHash(),
                                old.extensions()))
                        .seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3-05")
    @Tag("R-13.4-08")
    void doesNotJoinAGroupWithAnExtensionItDoesNotSupport() throws MlsException {
        joining.refuses(
                Rule.GROUP_INFO_EXTENSION_NOT_SUPPORTED,
                joining.forge()
                        .context(old -> withExtensions(old, Extensions.of(new Extension(UNKNOWN, Bytes.EMPTY))))
                        .seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3-03")
    @Tag("R-13.4-03")
    void ignoresUnknownExtensionsOfTheGroupInfo() throws MlsException {
        genuineMustWork = false;
        Group group = joining.join(joining.forge()
                .extensions(old -> old.with(new Extension(UNKNOWN, Bytes.fromHex("c0ffee"))))
                .seal(joining.signer()));
        assertThat(group.state()).isEqualTo(joining.commit.nextState());
    }

    @Test
    @Tag("R-12.4.3.1-25")
    void rejectsAWrongConfirmationTag() throws MlsException {
        WelcomeForge forge = joining.forge();
        Bytes tag = forge.genuine().confirmationTag();
        joining.refuses(
                Rule.CONFIRMATION_TAG, forge.confirmationTag(tag.slice(0, 31)).seal(joining.signer()));
        joining.refuses(Rule.CONFIRMATION_TAG, forge.confirmationTag(nonce(32)).seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3.1-23")
    void rejectsAPathSecretThatDoesNotFitTheTree() throws MlsException {
        joining.refuses(
                Rule.PATH_SECRET_MISMATCH,
                joining.forge()
                        .pathSecret(Optional.of(joining.crypto().randomSecret(32)))
                        .seal(joining.signer()));
    }

    @Test
    @Tag("R-12.4.3.1-03")
    void needsARatchetTreeFromSomewhere() throws MlsException {
        MlsMessage without = joining.forge()
                .extensions(old -> old.without(ExtensionType.RATCHET_TREE))
                .seal(joining.signer());
        joining.refuses(Rule.RATCHET_TREE_MISSING, without);
        genuineMustWork = false;
        Bytes tree = SuiteCrypto.encode(joining.commit.nextState().tree());
        Group group = joining.joiner
                .client()
                .join(JoinRequest.of(Scene.wire(without), List.of(joining.bundle))
                        .withRatchetTree(tree));
        assertThat(group.state()).isEqualTo(joining.commit.nextState());
    }

    @Test
    @Tag("R-12.4.3.1-24")
    @Tag("R-12.4.3.1-26")
    void computesTheEpochFromJoinerSecretPskSecretAndContext() throws MlsException {
        genuineMustWork = false;
        WelcomeForge forge = joining.forge();
        Group group = joining.joinsByTheGenuineWelcome();
        SuiteCrypto crypto = joining.crypto();
        var member = crypto.extract(forge.joinerSecret(), org.coppice.mls.crypto.Secret.zeros(32));
        var epoch = crypto.expandWithLabel(
                member, "epoch", SuiteCrypto.encode(forge.genuine().groupContext()), 32);
        var authenticator = crypto.deriveSecret(epoch, "authentication");
        assertThat(group.epochAuthenticator()).isEqualTo(Bytes.wrap(authenticator.exposeCopy()));
        TlsWriter interim = new TlsWriter()
                .raw(forge.genuine().groupContext().confirmedTranscriptHash())
                .vector(forge.genuine().confirmationTag());
        assertThat(group.state().interimTranscriptHash()).isEqualTo(crypto.hash(interim));
        try (EpochSecrets secrets = forge.epochSecrets()) {
            assertThat(secrets.epochAuthenticator()).isEqualTo(group.epochAuthenticator());
        }
    }

    @Test
    @Tag("R-12.4.3.1-32")
    void wipesTheInitKeyAndKeepsNoJoinerSecret() throws MlsException {
        genuineMustWork = false;
        Bytes joinerSecret = Bytes.wrap(joining.forge().joinerSecret().exposeCopy());
        Group group = joining.joinsByTheGenuineWelcome();
        assertThat(joining.bundle.initKeyPair().privateKey().isClosed()).isTrue();
        joining.joiner.enter(group);
        assertThat(joining.joiner.snapshot().values())
                .noneMatch(value -> value.toHex().contains(joinerSecret.toHex()));
    }

    @Test
    @Tag("R-12.4.3.1-32")
    @Tag("R-16-10")
    void keepsTheInitKeyOfALastResortKeyPackage() throws MlsException {
        genuineMustWork = false;
        KeyPackageBundle lastResort = joining.joiner.client().generateLastResortKeyPackage();
        var first = scene.group("alice").commit().add(lastResort.keyPackage()).build();
        joining.joiner.client().join(Scene.wire(first.welcome().orElseThrow()), lastResort);
        assertThat(lastResort.initKeyPair().privateKey().isClosed()).isFalse();
        // The same package brings the client into another group, too.
        Group other = scene.actor("bob").client().createGroup(Bytes.fromHex("02"));
        var second = other.commit().add(lastResort.keyPackage()).build();
        Group joined = joining.joiner.client().join(Scene.wire(second.welcome().orElseThrow()), lastResort);
        assertThat(joined.state()).isEqualTo(second.nextState());
    }

    private static Welcome body(MlsMessage welcome) {
        return ((MlsMessage.Welcome) welcome.body()).welcome();
    }

    private Bytes nonce(int length) {
        return Bytes.wrap(joining.crypto().randomness().bytes(length));
    }

    private static GroupContext withExtensions(GroupContext old, Extensions extensions) {
        return new GroupContext(
                old.version(),
                old.cipherSuite(),
                old.groupId(),
                old.epoch(),
                old.treeHash(),
                old.confirmedTranscriptHash(),
                extensions);
    }
}
