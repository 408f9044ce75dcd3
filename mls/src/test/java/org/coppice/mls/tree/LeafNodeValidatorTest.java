package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.tree.TreeFixture.GROUP_ID;
import static org.coppice.mls.tree.TreeFixture.NOW;
import static org.coppice.mls.tree.TreeFixture.assertRule;
import static org.coppice.mls.tree.TreeFixture.leaf;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafNodeSource.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each rule of RFC 9420 §7.3 for a single leaf, with a leaf that breaks it. */
class LeafNodeValidatorTest {
    private static final ExtensionType EXTENSION = new ExtensionType(0xf001);
    private static final ProposalType PROPOSAL = new ProposalType(0xf002);
    private static final CredentialType CREDENTIAL = new CredentialType(0xf003);
    private static final LeafNode.Position POSITION = new LeafNode.Position(GROUP_ID, leaf(3));

    private final SuiteCrypto crypto = TreeFixture.crypto(TreeFixture.random("LeafNodeValidatorTest"));
    private final SignatureKeyPair signature = crypto.generateSignatureKeyPair();

    // What the next leaf is made of.
    private List<ProtocolVersion> versions = List.of(ProtocolVersion.MLS10);
    private List<CipherSuite> suites = List.of(crypto.suite());
    private List<ExtensionType> extensionTypes = List.of(EXTENSION);
    private List<ProposalType> proposalTypes = List.of(PROPOSAL);
    private List<CredentialType> credentialTypes = List.of(CredentialType.BASIC, CREDENTIAL);
    private Extensions extensions = Extensions.EMPTY;
    private LeafNodeSource source = new LeafNodeSource.Update();
    private HpkePublicKey encryptionKey = crypto.generateHpkeKeyPair().publicKey();
    private LeafNode.Position signedPosition = POSITION;

    // What it is judged by.
    private GroupRequirements requirements = GroupRequirements.none(ProtocolVersion.MLS10);
    private LifetimePolicy lifetimes = LifetimePolicy.DEFAULT;
    private Instant now = NOW;

    private LeafNode make() throws MlsException {
        LeafNode.Content content = new LeafNode.Content(
                signature.publicKey(),
                Credential.basic(TreeFixture.ascii("somebody")),
                new Capabilities(versions, suites, extensionTypes, proposalTypes, credentialTypes),
                extensions);
        Signer signer = crypto.signer(signature);
        return LeafNode.sign(content, encryptionKey, source, signedPosition, crypto, signer);
    }

    private LeafNodeValidator validator() {
        return new LeafNodeValidator(crypto, requirements, lifetimes, now);
    }

    private void validate() throws MlsException {
        validator().validate(make(), source.kind(), POSITION);
    }

    @Test
    @Tag("R-7.2-15")
    void acceptsGoodLeavesOfEachSource() throws MlsException {
        validate();
        source = new LeafNodeSource.Commit(TreeFixture.ascii("hash"));
        validate();
        source = new LeafNodeSource.KeyPackage(TreeFixture.lifetime());
        validate();
        validator().validate(make(), Kind.KEY_PACKAGE, null);
    }

    @Test
    @Tag("R-7.3-07")
    void anOwnLeafObeysTheRulesButForItsSignatureWhichIsNew() throws MlsException {
        validator().validateOwn(make(), Kind.UPDATE);
        assertRule(Rule.LEAF_SOURCE, () -> validator().validateOwn(make(), Kind.COMMIT));
        suites = List.of(new CipherSuite(2));
        assertRule(Rule.LEAF_VERSION_OR_SUITE, () -> validator().validateOwn(make(), Kind.UPDATE));
    }

    @Test
    @Tag("R-7.3-13")
    @Tag("R-7.3-14")
    @Tag("R-7.3-16")
    void rejectsALeafOfAnotherSource() throws MlsException {
        LeafNode update = make();
        for (Kind kind : Kind.values()) {
            if (kind != Kind.UPDATE) {
                assertRule(Rule.LEAF_SOURCE, () -> validator().validate(update, kind, POSITION));
            }
        }
    }

    @Test
    @Tag("R-7.3-07")
    void rejectsALeafWithoutTheGroupsVersionOrSuite() {
        versions = List.of(new ProtocolVersion(2));
        assertRule(Rule.LEAF_VERSION_OR_SUITE, this::validate);
        versions = List.of(ProtocolVersion.MLS10);
        suites = List.of(new CipherSuite(2));
        assertRule(Rule.LEAF_VERSION_OR_SUITE, this::validate);
        suites = List.of();
        assertRule(Rule.LEAF_VERSION_OR_SUITE, this::validate);
    }

    @Test
    @Tag("R-7.2-08")
    void rejectsACredentialTypeThatItsOwnerDoesNotList() {
        credentialTypes = List.of(CREDENTIAL);
        assertRule(Rule.LEAF_CREDENTIAL_NOT_LISTED, this::validate);
    }

    @Test
    @Tag("R-7.2-07")
    @Tag("R-7.3-12")
    void rejectsAnExtensionThatItsOwnerDoesNotList() throws MlsException {
        extensions = Extensions.of(new Extension(EXTENSION, Bytes.EMPTY));
        validate();
        extensionTypes = List.of();
        assertRule(Rule.LEAF_EXTENSION_NOT_LISTED, this::validate);
        // GREASE values are numbers like all others (§13.5).
        extensions = Extensions.of(new Extension(new ExtensionType(0x1a1a), TreeFixture.ascii("x")));
        assertRule(Rule.LEAF_EXTENSION_NOT_LISTED, this::validate);
        extensionTypes = List.of(new ExtensionType(0x1a1a));
        validate();
    }

    @Test
    @Tag("R-13.4-11")
    void rejectsExtensionsThatBelongElsewhere() throws MlsException {
        for (ExtensionType type : List.of(
                ExtensionType.RATCHET_TREE,
                ExtensionType.REQUIRED_CAPABILITIES,
                ExtensionType.EXTERNAL_PUB,
                ExtensionType.EXTERNAL_SENDERS)) {
            extensions = Extensions.of(new Extension(type, Bytes.EMPTY));
            // Listing it does not help.
            extensionTypes = List.of(type);
            assertRule(Rule.EXTENSION_MISPLACED, this::validate);
        }
        extensionTypes = List.of();
        extensions = Extensions.of(new Extension(ExtensionType.APPLICATION_ID, Bytes.fromHex("00")));
        validate();
    }

    @Test
    @Tag("R-7.3-06")
    void rejectsALeafWithoutARequiredCapability() throws MlsException {
        require(
                List.of(EXTENSION, ExtensionType.APPLICATION_ID),
                List.of(PROPOSAL, ProposalType.ADD),
                List.of(CREDENTIAL));
        validate();
        require(List.of(new ExtensionType(0xf101)), List.of(), List.of());
        assertRule(Rule.LEAF_REQUIRED_CAPABILITIES, this::validate);
        require(List.of(), List.of(new ProposalType(0xf102)), List.of());
        assertRule(Rule.LEAF_REQUIRED_CAPABILITIES, this::validate);
        require(List.of(), List.of(), List.of(CredentialType.X509));
        assertRule(Rule.LEAF_REQUIRED_CAPABILITIES, this::validate);
    }

    private void require(
            List<ExtensionType> extensionTypes, List<ProposalType> proposalTypes, List<CredentialType> credentials)
            throws MlsException {
        Extension required = new RequiredCapabilities(extensionTypes, proposalTypes, credentials).toExtension();
        requirements = GroupRequirements.of(ProtocolVersion.MLS10, Extensions.of(required));
    }

    @Test
    @Tag("R-13.4-06")
    @Tag("R-13.4-09")
    @Tag("R-13.4-10")
    void rejectsALeafThatDoesNotSupportTheGroupsExtensions() throws MlsException {
        requirements = GroupRequirements.of(
                ProtocolVersion.MLS10,
                Extensions.of(
                        new Extension(ExtensionType.EXTERNAL_SENDERS, Bytes.fromHex("00")),
                        new Extension(EXTENSION, Bytes.EMPTY)));
        validate();
        extensionTypes = List.of();
        // Erratum 8745: whatever the source.
        for (LeafNodeSource any : List.of(
                new LeafNodeSource.Update(),
                new LeafNodeSource.Commit(Bytes.EMPTY),
                new LeafNodeSource.KeyPackage(TreeFixture.lifetime()))) {
            source = any;
            assertRule(Rule.GROUP_EXTENSION_NOT_SUPPORTED, this::validate);
        }
    }

    @Test
    @Tag("R-7.2-12")
    @Tag("R-7.2-13")
    void rejectsALifetimeThatIsTooLongOrTurnedAround() throws MlsException {
        lifetimes = new LifetimePolicy(Duration.ofDays(10), Duration.ZERO, LifetimePolicy.Outside.TOLERATE);
        long start = NOW.getEpochSecond();
        long span = Duration.ofDays(10).toSeconds();
        source = new LeafNodeSource.KeyPackage(new Lifetime(start, start + span));
        validate();
        for (Lifetime bad : List.of(
                new Lifetime(start, start + span + 1),
                new Lifetime(start, start - 1),
                new Lifetime(0, -1),
                new Lifetime(1, Long.MIN_VALUE))) {
            source = new LeafNodeSource.KeyPackage(bad);
            assertRule(Rule.LEAF_LIFETIME_SPAN, this::validate);
        }
    }

    @Test
    @Tag("R-7.2-14")
    @Tag("R-7.3-11")
    void rejectsOrToleratesALeafOutsideItsLifetime() throws MlsException {
        lifetimes = new LifetimePolicy(Duration.ofDays(10), Duration.ofSeconds(5), LifetimePolicy.Outside.REJECT);
        long start = NOW.getEpochSecond();
        source = new LeafNodeSource.KeyPackage(new Lifetime(start, start + 100));
        // The skew moves both ends outwards.
        now = NOW.minusSeconds(5);
        validate();
        now = NOW.plusSeconds(105);
        validate();
        for (long at : new long[] {-6, 106}) {
            now = NOW.plusSeconds(at);
            lifetimes = lifetimes.withOutside(LifetimePolicy.Outside.REJECT);
            assertRule(Rule.LEAF_LIFETIME, this::validate);
            lifetimes = lifetimes.withOutside(LifetimePolicy.Outside.TOLERATE);
            validate();
        }
    }

    @Test
    @Tag("R-5.1.1-03")
    void rejectsKeysThatAreNoneOfTheSuite() throws MlsException {
        encryptionKey = new HpkePublicKey(TreeFixture.ascii("short"));
        assertRule(Rule.INVALID_KEY, this::validate);
        encryptionKey = crypto.generateHpkeKeyPair().publicKey();
        // The signature key, which also makes the signature fail.
        LeafNode good = make();
        Bytes encoding = good.encoding();
        int at = 33;
        Bytes changed = new TlsWriter()
                .raw(encoding.slice(0, at))
                .vector(new byte[7])
                .raw(encoding.slice(at + 33, encoding.length() - at - 33))
                .toBytes();
        LeafNode bad = LeafNode.decode(TreeFixture.reader(changed));
        assertRule(Rule.INVALID_KEY, () -> validator().validate(bad, Kind.UPDATE, POSITION));
    }

    @Test
    @Tag("R-7.2-16")
    @Tag("R-7.3-05")
    void rejectsASignatureOverAnotherContent() throws MlsException {
        byte[] bytes = make().encoded();
        bytes[bytes.length - 5] ^= 1;
        LeafNode damaged = LeafNode.decode(TreeFixture.reader(Bytes.wrap(bytes)));
        assertRule(Rule.LEAF_SIGNATURE, () -> validator().validate(damaged, Kind.UPDATE, POSITION));
        bytes[bytes.length - 5] ^= 1;
        bytes[10] ^= 1;
        LeafNode otherKey = LeafNode.decode(TreeFixture.reader(Bytes.wrap(bytes)));
        assertRule(Rule.LEAF_SIGNATURE, () -> validator().validate(otherKey, Kind.UPDATE, POSITION));
    }

    @Test
    @Tag("R-7.2-15")
    @Tag("R-7.2-17")
    void rejectsALeafThatWasSignedForAnotherPlace() {
        for (LeafNodeSource bound : List.of(new LeafNodeSource.Update(), new LeafNodeSource.Commit(Bytes.EMPTY))) {
            source = bound;
            signedPosition = new LeafNode.Position(GROUP_ID, leaf(4));
            assertRule(Rule.LEAF_SIGNATURE, this::validate);
            signedPosition = new LeafNode.Position(TreeFixture.ascii("other"), leaf(3));
            assertRule(Rule.LEAF_SIGNATURE, this::validate);
        }
    }

    @Test
    void aLeafThatIsSignedForAPlaceNeedsOne() throws MlsException {
        LeafNode update = make();
        assertThatThrownBy(() -> validator().validate(update, Kind.UPDATE, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nobodySignsALeafWithAKeyThatItDoesNotHold() throws MlsException {
        Signer other = crypto.signer(crypto.generateSignatureKeyPair());
        LeafNode.Content content = make().content();
        assertThatThrownBy(() -> LeafNode.sign(content, encryptionKey, source, POSITION, crypto, other))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("R-7.3-03")
    void allLeavesOfATreeAreChecked() throws MlsException {
        TestGroup group = TestGroup.full(9, crypto);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            for (Workers workers : List.of(Workers.sequential(), Workers.of(executor, 2))) {
                LeafNodeValidator validator = validator();
                validator.validateAll(group.tree, GROUP_ID, workers);
                assertRule(
                        Rule.LEAF_SIGNATURE,
                        () -> validator.validateAll(group.tree, TreeFixture.ascii("other"), workers));
                // The lowest of two bad leaves is the one that is named.
                byte[] bytes = group.tree.leaf(leaf(7)).orElseThrow().encoded();
                bytes[bytes.length - 1] ^= 1;
                LeafNode bad = LeafNode.decode(TreeFixture.reader(Bytes.wrap(bytes)));
                RatchetTree tree = group.tree.update(leaf(7), bad).update(leaf(5), bad);
                assertThatThrownBy(() -> validator.validateAll(tree, GROUP_ID, workers))
                        .hasMessageContaining("leaf 5");
            }
        } finally {
            executor.shutdown();
        }
    }

    @Test
    @Tag("R-7.3-08")
    @Tag("R-7.3-09")
    void rejectsATreeInWhichSomebodyDoesNotListACredentialTypeInUse() throws MlsException {
        LeafNode.Content content = new LeafNode.Content(
                signature.publicKey(),
                new Credential.Other(CREDENTIAL, Bytes.EMPTY),
                new Capabilities(versions, suites, List.of(), List.of(), List.of(CREDENTIAL, CredentialType.BASIC)),
                Extensions.EMPTY);
        LeafNodeSource keyPackage = new LeafNodeSource.KeyPackage(TreeFixture.lifetime());
        LeafNode special = LeafNode.sign(content, encryptionKey, keyPackage, null, crypto, crypto.signer(signature));
        RatchetTree tree = RatchetTree.of(special, crypto);
        validator().validateAll(tree, GROUP_ID, Workers.sequential());
        RatchetTree both =
                tree.add(TreeFixture.Client.create("plain", crypto).leaf()).tree();
        assertRule(
                Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL,
                () -> validator().validateAll(both, GROUP_ID, Workers.sequential()));
    }
}
