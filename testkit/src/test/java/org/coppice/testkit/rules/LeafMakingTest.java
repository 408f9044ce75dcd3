package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.Lifetime;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the leaves hold that clients and members make, and which they do not make (RFC 9420 §7.2, §7.3, §7.5). */
class LeafMakingTest {
    private static final ExtensionType EXTENSION = new ExtensionType(0xf001);
    private static final ProposalType PROPOSAL = new ProposalType(0xf002);

    private Scene scene;
    private Actor alice;
    private Actor bob;

    @BeforeEach
    void twoMembers() throws MlsException {
        // Sameness of identities is no subject here: each credential of a member succeeds the other.
        scene = Scene.of("alice", "bob");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
    }

    private LeafNode leafOf(Group group) {
        return group.state().tree().leaf(group.ownLeaf()).orElseThrow();
    }

    private static Capabilities listingDefaults(Capabilities plain) {
        return new Capabilities(
                plain.versions(),
                plain.cipherSuites(),
                List.of(ExtensionType.APPLICATION_ID, EXTENSION, ExtensionType.EXTERNAL_PUB),
                List.of(ProposalType.ADD, PROPOSAL, ProposalType.GROUP_CONTEXT_EXTENSIONS),
                plain.credentials());
    }

    private static void assertNoDefaults(Capabilities listed) {
        assertThat(listed.extensions()).contains(EXTENSION).noneMatch(ExtensionType::isDefault);
        assertThat(listed.proposals()).contains(PROPOSAL).noneMatch(ProposalType::isDefault);
    }

    @Test
    @Tag("R-7.2-03")
    @Tag("R-7.2-04")
    void listsNoDefaultTypesEvenIfTold() throws MlsException {
        MlsClient client =
                alice.client().withCapabilities(listingDefaults(alice.client().capabilities()));
        MlsClient withId = client.withLeafExtensions(
                Extensions.of(new Extension(ExtensionType.APPLICATION_ID, Bytes.fromHex("00"))));
        assertNoDefaults(client.generateKeyPackage().keyPackage().leafNode().capabilities());
        assertNoDefaults(withId.generateKeyPackage().keyPackage().leafNode().capabilities());

        LeafUpdate update = LeafUpdate.KEY_ONLY.withCapabilities(
                listingDefaults(leafOf(bob.group()).capabilities()));
        scene.follow("bob", bob.group().commit().leaf(update).build());
        assertNoDefaults(leafOf(bob.group()).capabilities());
        scene.deliver("bob", bob.group().proposeUpdate(update, SendOptions.DEFAULT));
        scene.commit("alice");
        assertNoDefaults(leafOf(bob.group()).capabilities());
    }

    @Test
    @Tag("R-7.2-06")
    @Tag("R-7.2-08")
    void listsItsVersionsSuitesAndCredentialTypes() throws MlsException {
        Capabilities listed =
                alice.client().generateKeyPackage().keyPackage().leafNode().capabilities();
        assertThat(listed.versions()).contains(ProtocolVersion.MLS10);
        for (CipherSuite suite : CipherSuite.STANDARD) {
            boolean offered =
                    alice.client().environment().provider().suite(suite).isPresent();
            assertThat(listed.supports(suite)).isEqualTo(offered);
        }
        assertThat(listed.credentials()).contains(CredentialType.BASIC, CredentialType.X509);
        Capabilities plain = alice.client().capabilities();
        for (Capabilities less : List.of(
                capabilities(List.of(), plain.cipherSuites(), plain.credentials()),
                capabilities(plain.versions(), List.of(), plain.credentials()),
                capabilities(plain.versions(), plain.cipherSuites(), List.of(CredentialType.X509)))) {
            MlsClient client = alice.client().withCapabilities(less);
            assertThatThrownBy(client::generateKeyPackage).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @Tag("R-13.4-11")
    void makesNothingWithAnExtensionOfAnotherObject() throws MlsException {
        MlsClient client = alice.client();
        Lifetime lifetime =
                Lifetime.around(client.environment().clock().instant(), Duration.ofHours(1), Duration.ofDays(1));
        for (ExtensionType type : List.of(
                ExtensionType.RATCHET_TREE,
                ExtensionType.EXTERNAL_PUB,
                ExtensionType.REQUIRED_CAPABILITIES,
                ExtensionType.EXTERNAL_SENDERS)) {
            Extensions misplaced = Extensions.of(new Extension(type, Bytes.EMPTY));
            assertThatThrownBy(() -> client.withLeafExtensions(misplaced)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.generateKeyPackage(misplaced, lifetime))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Extensions id = Extensions.of(new Extension(ExtensionType.APPLICATION_ID, Bytes.EMPTY));
        assertThatThrownBy(() -> client.generateKeyPackage(id, lifetime)).isInstanceOf(IllegalArgumentException.class);
        Extensions lastResort = Extensions.of(new Extension(ExtensionType.LAST_RESORT, Bytes.EMPTY));
        assertThatThrownBy(() -> client.withLeafExtensions(lastResort)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Capabilities capabilities(
            List<ProtocolVersion> versions, List<CipherSuite> suites, List<CredentialType> credentials) {
        return new Capabilities(versions, suites, List.of(), List.of(), credentials);
    }

    @Test
    @Tag("R-7.2-07")
    void listsTheExtensionTypesThatItUses() throws MlsException {
        Extension extension = new Extension(EXTENSION, Bytes.EMPTY);
        MlsClient client = alice.client().withLeafExtensions(Extensions.of(extension));
        LeafNode leaf = client.generateKeyPackage().keyPackage().leafNode();
        assertThat(leaf.extensions().types()).contains(EXTENSION);
        assertThat(leaf.capabilities().extensions())
                .containsAll(leaf.extensions().types());
        // A member has to list it itself.
        LeafUpdate unlisted = LeafUpdate.KEY_ONLY.withExtensions(Extensions.of(extension));
        Refusals.refuses(
                Rule.LEAF_EXTENSION_NOT_LISTED,
                bob,
                () -> bob.group().commit().leaf(unlisted).build());
        Refusals.refuses(
                Rule.LEAF_EXTENSION_NOT_LISTED, bob, () -> bob.group().proposeUpdate(unlisted, SendOptions.DEFAULT));
    }

    @Test
    @Tag("R-7.2-10")
    void greasesCapabilitiesUnlessToldNotTo() throws MlsException {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Capabilities listed =
                    alice.client().generateKeyPackage().keyPackage().leafNode().capabilities();
            assertThat(listed.withoutGrease()).isNotEqualTo(listed);
            listed.cipherSuites().stream()
                    .map(CipherSuite::value)
                    .filter(CodePoints::isGrease)
                    .forEach(seen::add);
            assertThat(listed.proposals()).anyMatch(type -> CodePoints.isGrease(type.value()));
            assertThat(listed.credentials()).anyMatch(type -> CodePoints.isGrease(type.value()));
        }
        assertThat(seen).hasSizeGreaterThan(1);
        Scene plain = Scene.empty(
                alice.client().crypto().suite(),
                builder ->
                        builder.policy(Scene.policy().toBuilder().grease(false).build()));
        Capabilities listed = plain.client("plain")
                .client()
                .generateKeyPackage()
                .keyPackage()
                .leafNode()
                .capabilities();
        assertThat(listed.withoutGrease()).isEqualTo(listed);
    }

    @Test
    @Tag("R-7.2-16")
    void signsEachChangeOfItsLeaf() throws MlsException {
        SuiteCrypto crypto = alice.client().crypto();
        LeafNode.Position position =
                new LeafNode.Position(bob.group().groupId(), bob.group().ownLeaf());
        Set<Bytes> signatures = new HashSet<>();
        signatures.add(leafOf(bob.group()).signature());
        for (int i = 0; i < 2; i++) {
            scene.deliver("bob", bob.group().proposeUpdate());
            scene.commit("alice");
            assertThat(leafOf(bob.group()).verifySignature(position, crypto)).isTrue();
            assertThat(signatures.add(leafOf(bob.group()).signature())).isTrue();
            scene.commit("bob");
            assertThat(leafOf(bob.group()).verifySignature(position, crypto)).isTrue();
            assertThat(signatures.add(leafOf(bob.group()).signature())).isTrue();
        }
    }

    // ---- the committer's leaf

    @Test
    @Tag("R-7.5-02")
    void makesNoCommitLeafThatWouldBeRefused() throws MlsException {
        Capabilities plain = leafOf(bob.group()).capabilities();
        LeafUpdate noCredential = LeafUpdate.KEY_ONLY.withCapabilities(
                capabilities(plain.versions(), plain.cipherSuites(), List.of(CredentialType.X509)));
        LeafUpdate noSuite =
                LeafUpdate.KEY_ONLY.withCapabilities(capabilities(plain.versions(), List.of(), plain.credentials()));
        Refusals.refuses(
                Rule.LEAF_CREDENTIAL_NOT_LISTED,
                bob,
                () -> bob.group().commit().leaf(noCredential).build());
        Refusals.refuses(
                Rule.LEAF_VERSION_OR_SUITE,
                bob,
                () -> bob.group().commit().leaf(noSuite).build());
        Bytes before = leafOf(bob.group()).encryptionKey().data();
        scene.commit("bob");
        assertThat(leafOf(bob.group()).encryptionKey().data()).isNotEqualTo(before);
    }

    @Test
    @Tag("R-7.5-03")
    void mayChangeAllOfItsLeafWithACommit() throws MlsException {
        SuiteCrypto crypto = bob.client().crypto();
        Signer signer = crypto.signer(crypto.generateSignatureKeyPair());
        Capabilities plain = leafOf(bob.group()).capabilities();
        Capabilities more = new Capabilities(
                plain.versions(), plain.cipherSuites(), List.of(EXTENSION), List.of(PROPOSAL), plain.credentials());
        Extensions extensions = Extensions.of(
                new Extension(EXTENSION, Bytes.fromHex("0102")),
                new Extension(ExtensionType.APPLICATION_ID, Bytes.fromHex("0101")));
        StagedCommit commit = bob.group()
                .commit()
                .leaf(LeafUpdate.KEY_ONLY
                        .withSigner(signer)
                        .withCapabilities(more)
                        .withExtensions(extensions))
                .build();
        scene.follow("bob", commit);
        LeafNode leaf = alice.group().state().tree().leaf(bob.group().ownLeaf()).orElseThrow();
        assertThat(leaf.signatureKey()).isEqualTo(signer.publicKey());
        assertThat(leaf.capabilities()).isEqualTo(more);
        assertThat(leaf.extensions()).isEqualTo(extensions);
        assertThat(commit.isClosed()).isTrue();
        // The new key signs from now on, and whatever the application may say of a new identity decides.
        scene.commit("bob");
        scene.commit("alice");
        LeafUpdate renamed = LeafUpdate.KEY_ONLY.withCredential(Credential.basic(Bytes.fromHex("0b0b")));
        Refusals.refuses(
                Rule.CREDENTIAL_SUCCESSION_REJECTED,
                bob,
                () -> bob.group().commit().leaf(renamed).build());
    }
}
