package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.testkit.rules.Refusals.ruleOf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.SuiteChoice;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a group begins (RFC 9420 §11). */
class GroupCreationRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private final List<byte[]> drawn = new ArrayList<>();
    private MlsClient alice;

    /** System randomness that remembers what it gave. */
    private final class Remembering implements Randomness {
        @Override
        public void fill(byte[] target) {
            Randomness.system().fill(target);
            drawn.add(target.clone());
        }
    }

    @BeforeEach
    void aClient() throws MlsException {
        alice = Scene.empty(SUITE, settings -> settings.randomness(new Remembering()))
                .client("alice")
                .client();
    }

    @Test
    @Tag("R-11-01")
    @Tag("R-11-06")
    @Tag("R-11-07")
    @Tag("R-11-10")
    void beginsWithTheCreatorAloneInEpochZero() throws MlsException {
        GroupState state = alice.createGroup(Bytes.fromHex("01")).state();
        LeafNode leaf = state.tree().leaf(new LeafIndex(0)).orElseThrow();

        assertThat(state.tree().size()).isEqualTo(1);
        assertThat(state.roster()).hasSize(1);
        assertThat(leaf.signatureKey()).isEqualTo(alice.signer().publicKey());
        assertThat(leaf.credential()).isEqualTo(alice.credential());
        assertThat(leaf.source().kind()).isEqualTo(LeafNodeSource.Kind.KEY_PACKAGE);
        assertThat(leaf.verifySignature(null, alice.crypto())).isTrue();
        assertThat(state.context().version()).isEqualTo(ProtocolVersion.MLS10);
        assertThat(state.context().cipherSuite()).isEqualTo(SUITE);
        assertThat(state.groupId()).isEqualTo(Bytes.fromHex("01"));
        assertThat(state.epoch()).isZero();
        assertThat(state.context().confirmedTranscriptHash()).isEqualTo(Bytes.EMPTY);
        assertThat(state.context().extensions()).isEqualTo(Extensions.EMPTY);
        // TreeHashInput: node_type leaf(1), leaf index, present(1) leaf.
        assertThat(state.context().treeHash())
                .isEqualTo(alice.crypto()
                        .hash(new TlsWriter()
                                .uint8(1)
                                .uint32(0)
                                .uint8(1)
                                .struct(leaf)
                                .toBytes()));
    }

    @Test
    @Tag("R-11-04")
    void makesRandomGroupIdsAsLongAsTheHash() throws MlsException {
        Bytes first = alice.createGroup().groupId();

        assertThat(first.length()).isEqualTo(32);
        assertThat(alice.createGroup().groupId()).isNotEqualTo(first);
        assertThat(drawn).anyMatch(bytes -> Bytes.copyOf(bytes).equals(first));
    }

    @Test
    @Tag("R-11-05")
    void refusesGroupIdThatItUsesAlready() throws MlsException {
        alice.createGroup(Bytes.fromHex("01"));

        assertThatThrownBy(() -> alice.createGroup(Bytes.fromHex("01"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("R-11-08")
    void derivesAllSecretsFromOneRandomEpochSecret() throws MlsException {
        drawn.clear();
        Group group = alice.createGroup(Bytes.fromHex("01"));
        List<Bytes> authenticators = new ArrayList<>();
        for (byte[] bytes : List.copyOf(drawn)) {
            if (bytes.length == 32) {
                try (EpochSecrets secrets = EpochSecrets.first(Secret.wrap(bytes.clone()), alice.crypto())) {
                    authenticators.add(secrets.epochAuthenticator());
                }
            }
        }

        assertThat(authenticators).contains(group.epochAuthenticator());
    }

    @Test
    @Tag("R-11-09")
    void confirmsTheEmptyTranscript() throws MlsException {
        Group group = alice.createGroup(Bytes.fromHex("01"));
        Bytes tag = Insider.of(alice, group).secrets().confirmationTag(Bytes.EMPTY);

        assertThat(group.state().confirmationTag()).isEqualTo(tag);
        assertThat(group.state().interimTranscriptHash())
                .isEqualTo(alice.crypto().hash(new TlsWriter().vector(tag).toBytes()));
    }

    @Test
    @Tag("R-11-10")
    void refusesExtensionsThatTheCreatorDoesNotSupport() {
        RequiredCapabilities required =
                new RequiredCapabilities(List.of(new ExtensionType(0xf123)), List.of(), List.of());

        Throwable thrown = Assertions.catchThrowable(
                () -> alice.createGroup(Bytes.fromHex("01"), Extensions.of(required.toExtension())));

        assertThat(ruleOf(thrown)).isEqualTo(Rule.LEAF_REQUIRED_CAPABILITIES);
        assertThat(alice.environment().store().groups()).isEmpty();
    }

    /** Nobody could ever join such a group, as every joiner looks at its external senders. */
    @Test
    void refusesExternalSendersThatNobodyWouldAccept() throws MlsException {
        ExternalSender noKey = new ExternalSender(new SignaturePublicKey(Bytes.fromHex("00")), alice.credential());
        Extensions malformed = Extensions.of(new Extension(ExtensionType.EXTERNAL_SENDERS, Bytes.fromHex("01")));
        Extensions wrong = Extensions.of(ExternalSender.toExtension(List.of(noKey)));
        Extensions misplaced = Extensions.of(new Extension(ExtensionType.RATCHET_TREE, Bytes.EMPTY));
        Map<Extensions, Rule> refused = Map.of(
                malformed, Rule.LENGTH_BEYOND_INPUT, wrong, Rule.INVALID_KEY, misplaced, Rule.EXTENSION_MISPLACED);
        refused.forEach((extensions, rule) -> {
            Throwable thrown = Assertions.catchThrowable(() -> alice.createGroup(Bytes.fromHex("01"), extensions));
            assertThat(ruleOf(thrown)).isEqualTo(rule);
        });
        assertThat(alice.environment().store().groups()).isEmpty();
    }

    @Test
    void asksTheApplicationAboutExternalSenders() throws MlsException {
        CredentialValidator nobody = new CredentialValidator() {
            @Override
            public void validate(List<IdentityClaim> claims) throws ValidationException {
                throw new ValidationException(Rule.CREDENTIAL_REJECTED);
            }

            @Override
            public Bytes identity(IdentityClaim claim) {
                return Bytes.EMPTY;
            }
        };
        Environment environment =
                alice.environment().toBuilder().validator(nobody).build();
        MlsClient strict = MlsClient.create(environment, SUITE, alice.credential());
        ExternalSender sender = new ExternalSender(alice.signer().publicKey(), alice.credential());
        Extensions extensions = Extensions.of(ExternalSender.toExtension(List.of(sender)));
        Throwable thrown = Assertions.catchThrowable(() -> strict.createGroup(Bytes.fromHex("01"), extensions));
        assertThat(ruleOf(thrown)).isEqualTo(Rule.CREDENTIAL_REJECTED);
        assertThat(alice.createGroup(Bytes.fromHex("02"), extensions).epoch()).isZero();
    }

    /** Every signature of such a client is refused by all others. */
    @Test
    void aSignerOfAnotherSuiteIsRefusedAtOnce() throws MlsException {
        SuiteCrypto other = alice.environment().crypto(new CipherSuite(2));
        Signer signer = other.signer(other.generateSignatureKeyPair());
        assertThatThrownBy(() -> MlsClient.of(alice.environment(), SUITE, alice.credential(), signer))
                .isInstanceOf(IllegalArgumentException.class);
        Group group = alice.createGroup();
        Throwable thrown = Assertions.catchThrowable(() ->
                group.commit().leaf(LeafUpdate.KEY_ONLY.withSigner(signer)).build());
        assertThat(ruleOf(thrown)).isEqualTo(Rule.INVALID_KEY);
    }

    @Test
    @Tag("R-11-11")
    void publishesGroupInfoOfEpochZero() throws MlsException {
        Group group = alice.createGroup(Bytes.fromHex("01"));
        ExternalJoin join = Scene.empty(SUITE).client("bob").client().joinExternally(Scene.wire(group.groupInfo(true)));

        group.merge(group.stage(Scene.wire(join.commit())));

        assertThat(group.epochAuthenticator()).isEqualTo(join.group().epochAuthenticator());
    }

    // ---- the choice of version and suite

    private static final SuiteChoice FIRST = SuiteChoice.mls10(CipherSuite.MLS_256_DHKEMP384_AES256GCM_SHA384_P384);
    private static final SuiteChoice SECOND = SuiteChoice.mls10(SUITE);
    private static final List<SuiteChoice> PREFERENCE = List.of(FIRST, SECOND);

    private KeyPackage supporting(List<ProtocolVersion> versions, CipherSuite... suites) throws MlsException {
        return KeyPackageForge.of(alice)
                .withContent(content -> new LeafNode.Content(
                        content.signatureKey(),
                        content.credential(),
                        new Capabilities(
                                versions,
                                List.of(suites),
                                List.of(),
                                List.of(),
                                content.capabilities().credentials()),
                        content.extensions()))
                .make();
    }

    private List<Capabilities> everybody(KeyPackage... keyPackages) {
        return SuiteChoice.capabilities(alice.capabilities(), List.of(keyPackages));
    }

    @Test
    @Tag("R-11-02")
    @Tag("R-11-03")
    void choosesTheBestSuiteThatEverybodySupports() throws MlsException {
        List<ProtocolVersion> mls10 = List.of(ProtocolVersion.MLS10);
        KeyPackage both = supporting(mls10, SECOND.cipherSuite(), FIRST.cipherSuite());
        KeyPackage one = supporting(mls10, SECOND.cipherSuite());
        KeyPackage otherVersion = supporting(List.of(new ProtocolVersion(2)), FIRST.cipherSuite());

        assertThat(SuiteChoice.best(PREFERENCE, everybody(both))).contains(FIRST);
        assertThat(SuiteChoice.best(PREFERENCE, everybody(both, one))).contains(SECOND);
        assertThat(SuiteChoice.best(PREFERENCE, everybody(both, otherVersion))).isEqualTo(Optional.empty());
    }

    @Test
    @Tag("R-11-03")
    void refusesDowngrade() throws MlsException {
        List<ProtocolVersion> mls10 = List.of(ProtocolVersion.MLS10);
        KeyPackage both = supporting(mls10, SECOND.cipherSuite(), FIRST.cipherSuite());
        KeyPackage one = supporting(mls10, SECOND.cipherSuite());

        FIRST.checkBest(PREFERENCE, everybody(both));
        SECOND.checkBest(PREFERENCE, everybody(both, one));
        assertThat(ruleOf(Assertions.catchThrowable(() -> SECOND.checkBest(PREFERENCE, everybody(both)))))
                .isEqualTo(Rule.DOWNGRADE);
        assertThat(ruleOf(Assertions.catchThrowable(() -> FIRST.checkBest(PREFERENCE, everybody(one)))))
                .isEqualTo(Rule.DOWNGRADE);
        assertThat(ruleOf(Assertions.catchThrowable(() -> FIRST.checkBest(List.of(), everybody(both)))))
                .isEqualTo(Rule.DOWNGRADE);
    }
}
