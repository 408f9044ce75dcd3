package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What members refuse of leaves that come in an Add, an Update or a path, and what they take (RFC 9420 §7.2, §7.3). */
class LeafRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final ExtensionType EXTENSION = new ExtensionType(0xf001);
    private static final ProposalType PROPOSAL = new ProposalType(0xf002);
    private static final CredentialType CREDENTIAL = new CredentialType(0xf003);
    private static final Bytes UNTRUSTED = Bytes.fromHex("bad0");

    private Scene scene;
    private Actor alice;
    private Actor bob;
    private Actor dave;

    @BeforeEach
    void threeMembersAndAStranger() throws MlsException {
        begin(empty(), Extensions.EMPTY);
    }

    /** Without GREASE, so that each leaf has just what a test gives it. */
    private static Scene empty() {
        return Scene.empty(
                SUITE,
                builder -> builder.validator(new Distrust())
                        .policy(Scene.policy().toBuilder().grease(false).build()));
    }

    private void begin(Scene empty, Extensions extensions) throws MlsException {
        scene = empty;
        for (String name : List.of("alice", "bob", "carol", "dave")) {
            Actor actor = scene.client(name);
            actor.become(actor.client().withCapabilities(capable(actor.client().capabilities())));
        }
        scene.withGroup(extensions, "alice", "bob", "carol");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
        dave = scene.actor("dave");
    }

    private static Capabilities capable(Capabilities plain) {
        return new Capabilities(
                plain.versions(), plain.cipherSuites(), List.of(EXTENSION), List.of(PROPOSAL), plain.credentials());
    }

    /** An application that does not believe one identity. */
    private static final class Distrust implements CredentialValidator {
        @Override
        public void validate(List<IdentityClaim> claims) throws ValidationException {
            if (claims.stream().anyMatch(claim -> claim.credential().equals(Credential.basic(UNTRUSTED)))) {
                throw new ValidationException(Rule.CREDENTIAL_REJECTED);
            }
        }

        @Override
        public boolean isSuccessor(IdentityClaim previous, IdentityClaim next) {
            return true;
        }

        @Override
        public Bytes identity(IdentityClaim claim) {
            return Bytes.wrap(claim.credential().encoded());
        }
    }

    // ---- leaves of all three kinds that are wrong in the same way

    private static UnaryOperator<LeafNode.Content> capabilities(UnaryOperator<Capabilities> change) {
        return content -> new LeafNode.Content(
                content.signatureKey(),
                content.credential(),
                change.apply(content.capabilities()),
                content.extensions());
    }

    private static UnaryOperator<LeafNode.Content> credential(Credential credential) {
        return content ->
                new LeafNode.Content(content.signatureKey(), credential, content.capabilities(), content.extensions());
    }

    private static UnaryOperator<LeafNode.Content> extensions(Extensions extensions) {
        return content ->
                new LeafNode.Content(content.signatureKey(), content.credential(), content.capabilities(), extensions);
    }

    /** Alice refuses such a leaf in an Add and an Update of bob, and in the path of a Commit that she follows once it is mended. */
    private void refusesEverywhere(Rule rule, UnaryOperator<LeafNode.Content> change) throws Exception {
        refusesAdd(rule, KeyPackageForge.of(dave.client()).withContent(change));
        Insider insider = bob.insider();
        Refusals.refuses(rule, alice, insider.proposal(new Proposal.Update(update(insider, change))));
        refusesPathLeaf(rule, change);
    }

    private void refusesAdd(Rule rule, KeyPackageForge forge) throws MlsException {
        Proposal add = new Proposal.Add(forge.make());
        Refusals.refuses(rule, alice, bob.insider().proposal(add));
        Refusals.refuses(rule, alice, bob.insider().commit(List.of(add), Optional.empty()));
        // Who would commit it refuses it as well.
        Refusals.refuses(rule, alice, () -> alice.group().commit().propose(add).build());
    }

    private LeafNode present(Insider insider) {
        return insider.state().tree().leaf(insider.leaf()).orElseThrow();
    }

    private LeafNode update(Insider insider, UnaryOperator<LeafNode.Content> change) throws MlsException {
        HpkePublicKey key = insider.crypto().generateHpkeKeyPair().publicKey();
        return sign(insider, change, key, new LeafNodeSource.Update());
    }

    private LeafNode sign(
            Insider insider, UnaryOperator<LeafNode.Content> change, HpkePublicKey key, LeafNodeSource source)
            throws MlsException {
        return LeafNode.sign(
                change.apply(present(insider).content()),
                key,
                source,
                new LeafNode.Position(insider.state().groupId(), insider.leaf()),
                insider.crypto(),
                insider.signer());
    }

    private void refusesPathLeaf(Rule rule, UnaryOperator<LeafNode.Content> change) throws Exception {
        Insider insider = bob.insider();
        StagedCommit genuine = bob.group().commit().build();
        LeafNode leaf = pathOf(genuine).leafNode();
        LeafNode other = sign(insider, change, leaf.encryptionKey(), leaf.source());
        Refusals.refuses(rule, alice, insider.alter(genuine.message(), withLeaf(other)));
        scene.follow("bob", genuine);
    }

    private static UpdatePath pathOf(StagedCommit commit) {
        Content content = ((PublicMessage) commit.message().body())
                .authenticated()
                .content()
                .content();
        return ((Content.Commit) content).commit().path().orElseThrow();
    }

    private static UnaryOperator<Commit> withLeaf(LeafNode leaf) {
        return commit -> new Commit(commit.proposals(), commit.path().map(path -> new UpdatePath(leaf, path.nodes())));
    }

    @Test
    @Tag("R-7.3-01")
    @Tag("R-7.3-02")
    @Tag("R-7.3-04")
    void refusesACredentialThatTheApplicationRejects() throws Exception {
        refusesEverywhere(Rule.CREDENTIAL_REJECTED, credential(Credential.basic(UNTRUSTED)));
    }

    @Test
    @Tag("R-7.3-01")
    @Tag("R-7.3-02")
    @Tag("R-7.3-07")
    void refusesALeafWithoutTheGroupsVersionOrSuite() throws Exception {
        refusesEverywhere(
                Rule.LEAF_VERSION_OR_SUITE,
                capabilities(c -> new Capabilities(
                        List.of(new ProtocolVersion(2)),
                        c.cipherSuites(),
                        c.extensions(),
                        c.proposals(),
                        c.credentials())));
        refusesEverywhere(
                Rule.LEAF_VERSION_OR_SUITE,
                capabilities(c -> new Capabilities(
                        c.versions(), List.of(new CipherSuite(2)), c.extensions(), c.proposals(), c.credentials())));
    }

    @Test
    @Tag("R-7.2-08")
    @Tag("R-7.3-02")
    void refusesALeafThatDoesNotListItsCredentialType() throws Exception {
        refusesEverywhere(
                Rule.LEAF_CREDENTIAL_NOT_LISTED,
                capabilities(c -> new Capabilities(
                        c.versions(), c.cipherSuites(), c.extensions(), c.proposals(), List.of(CredentialType.X509))));
    }

    @Test
    @Tag("R-7.2-07")
    @Tag("R-7.3-02")
    @Tag("R-7.3-12")
    void refusesALeafThatDoesNotListItsExtensions() throws Exception {
        refusesEverywhere(
                Rule.LEAF_EXTENSION_NOT_LISTED,
                extensions(Extensions.of(new Extension(new ExtensionType(0xf0f0), Bytes.EMPTY))));
    }

    @Test
    @Tag("R-7.3-06")
    void refusesALeafWithoutARequiredCapability() throws Exception {
        Extension required = new RequiredCapabilities(
                        List.of(EXTENSION, ExtensionType.APPLICATION_ID),
                        List.of(PROPOSAL, ProposalType.ADD),
                        List.of(CredentialType.X509))
                .toExtension();
        begin(empty(), Extensions.of(required));
        refusesEverywhere(
                Rule.LEAF_REQUIRED_CAPABILITIES,
                capabilities(c ->
                        new Capabilities(c.versions(), c.cipherSuites(), List.of(), c.proposals(), c.credentials())));
        refusesEverywhere(
                Rule.LEAF_REQUIRED_CAPABILITIES,
                capabilities(c ->
                        new Capabilities(c.versions(), c.cipherSuites(), c.extensions(), List.of(), c.credentials())));
        refusesEverywhere(
                Rule.LEAF_REQUIRED_CAPABILITIES,
                capabilities(c -> new Capabilities(
                        c.versions(), c.cipherSuites(), c.extensions(), c.proposals(), List.of(CredentialType.BASIC))));
    }

    @Test
    @Tag("R-7.3-08")
    void refusesACredentialTypeThatSomeMemberDoesNotSupport() throws Exception {
        UnaryOperator<LeafNode.Content> special = content -> new LeafNode.Content(
                content.signatureKey(),
                new Credential.Other(CREDENTIAL, Bytes.EMPTY),
                withCredentials(content.capabilities(), CREDENTIAL, CredentialType.BASIC),
                content.extensions());
        refusesPathLeaf(Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL, special);
        Proposal add = new Proposal.Add(
                KeyPackageForge.of(dave.client()).withContent(special).make());
        Refusals.refuses(
                Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL, alice, bob.insider().commit(List.of(add), Optional.empty()));
    }

    @Test
    @Tag("R-7.3-09")
    void refusesALeafThatDoesNotSupportTheCredentialTypeOfSomeMember() throws Exception {
        scene = empty();
        for (String name : List.of("alice", "bob", "carol")) {
            Actor actor = scene.client(name);
            actor.become(actor.client()
                    .withCapabilities(
                            withCredentials(actor.client().capabilities(), CREDENTIAL, CredentialType.BASIC)));
        }
        scene.withGroup(Extensions.EMPTY, "alice", "bob", "carol");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
        refusesPathLeaf(
                Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL,
                content -> new LeafNode.Content(
                        content.signatureKey(),
                        new Credential.Other(CREDENTIAL, Bytes.EMPTY),
                        withCredentials(content.capabilities(), CREDENTIAL),
                        content.extensions()));
    }

    private static Capabilities withCredentials(Capabilities c, CredentialType... types) {
        return new Capabilities(c.versions(), c.cipherSuites(), c.extensions(), c.proposals(), List.of(types));
    }

    // ---- signature, source and keys

    @Test
    @Tag("R-7.3-02")
    @Tag("R-7.3-05")
    void refusesALeafThatItsOwnerDidNotSignAsItIs() throws Exception {
        Proposal add = new Proposal.Add(KeyPackageForge.of(dave.client()).makeWithBadLeafSignature());
        Refusals.refuses(Rule.LEAF_SIGNATURE, alice, bob.insider().proposal(add));
        Insider insider = bob.insider();
        Proposal update = new Proposal.Update(damaged(update(insider, content -> content)));
        Refusals.refuses(Rule.LEAF_SIGNATURE, alice, insider.proposal(update));
        StagedCommit genuine = bob.group().commit().build();
        LeafNode leaf = damaged(pathOf(genuine).leafNode());
        Refusals.refusesThenFollows(
                Rule.LEAF_SIGNATURE, alice, insider.alter(genuine.message(), withLeaf(leaf)), genuine);
    }

    private static LeafNode damaged(LeafNode leaf) throws MlsException {
        byte[] bytes = leaf.encoded();
        bytes[bytes.length - 1] ^= 1;
        Decoder<LeafNode> decoder = LeafNode::decode;
        return decoder.decodeAll(Bytes.wrap(bytes), DecodeLimits.DEFAULT);
    }

    @Test
    @Tag("R-7.2-17")
    void refusesALeafThatWasSignedForAnotherPlaceOrGroup() throws Exception {
        Insider insider = bob.insider();
        Insider elsewhere = insider.at(scene.group("carol").ownLeaf());
        LeafNode otherLeaf = sign(
                elsewhere,
                content -> present(insider).content(),
                insider.crypto().generateHpkeKeyPair().publicKey(),
                new LeafNodeSource.Update());
        Refusals.refuses(Rule.LEAF_SIGNATURE, alice, insider.proposal(new Proposal.Update(otherLeaf)));
        LeafNode otherGroup = LeafNode.sign(
                present(insider).content(),
                insider.crypto().generateHpkeKeyPair().publicKey(),
                new LeafNodeSource.Update(),
                new LeafNode.Position(Bytes.fromHex("07"), insider.leaf()),
                insider.crypto(),
                insider.signer());
        Refusals.refuses(Rule.LEAF_SIGNATURE, alice, insider.proposal(new Proposal.Update(otherGroup)));
    }

    @Test
    @Tag("R-7.3-13")
    @Tag("R-7.3-14")
    @Tag("R-7.3-16")
    void refusesALeafOfAnotherSourceThanItsPlaceAsksFor() throws Exception {
        LeafNodeSource commit = new LeafNodeSource.Commit(Bytes.EMPTY);
        LeafNodeSource update = new LeafNodeSource.Update();
        LeafNodeSource keyPackage =
                new LeafNodeSource.KeyPackage(Lifetime.around(Instant.now(), Duration.ofHours(1), Duration.ofDays(1)));
        Insider insider = bob.insider();
        HpkePublicKey key = insider.crypto().generateHpkeKeyPair().publicKey();
        for (LeafNodeSource wrong : List.of(commit, update)) {
            refusesAdd(Rule.LEAF_SOURCE, KeyPackageForge.of(dave.client()).withSource(wrong));
        }
        for (LeafNodeSource wrong : List.of(commit, keyPackage)) {
            LeafNode leaf = sign(insider, content -> content, key, wrong);
            Refusals.refuses(Rule.LEAF_SOURCE, alice, insider.proposal(new Proposal.Update(leaf)));
        }
        StagedCommit genuine = bob.group().commit().build();
        for (LeafNodeSource wrong : List.of(update, keyPackage)) {
            LeafNode leaf =
                    sign(insider, content -> content, pathOf(genuine).leafNode().encryptionKey(), wrong);
            Refusals.refuses(Rule.LEAF_SOURCE, alice, insider.alter(genuine.message(), withLeaf(leaf)));
        }
        scene.follow("bob", genuine);
    }

    @Test
    @Tag("R-7.3-15")
    @Tag("R-7.5-02")
    void refusesALeafThatKeepsItsEncryptionKey() throws Exception {
        Insider insider = bob.insider();
        HpkePublicKey same = present(insider).encryptionKey();
        LeafNode update = sign(insider, content -> content, same, new LeafNodeSource.Update());
        Refusals.refuses(Rule.LEAF_ENCRYPTION_KEY_REUSED, alice, insider.proposal(new Proposal.Update(update)));
        StagedCommit genuine = bob.group().commit().build();
        LeafNode commit = sign(
                insider, content -> content, same, pathOf(genuine).leafNode().source());
        Refusals.refusesThenFollows(
                Rule.LEAF_ENCRYPTION_KEY_REUSED, alice, insider.alter(genuine.message(), withLeaf(commit)), genuine);
    }

    @Test
    @Tag("R-7.3-17")
    @Tag("A-4-05")
    void refusesASignatureKeyThatAnotherMemberHas() throws Exception {
        Actor carol = scene.actor("carol");
        Insider insider = bob.insider();
        StagedCommit genuine = bob.group().commit().build();
        LeafNode leaf = pathOf(genuine).leafNode();
        LeafNode twin = sign(
                insider.signingWith(carol.client().signer()),
                content -> new LeafNode.Content(
                        carol.client().signer().publicKey(),
                        content.credential(),
                        content.capabilities(),
                        content.extensions()),
                leaf.encryptionKey(),
                leaf.source());
        Refusals.refusesThenFollows(
                Rule.DUPLICATE_SIGNATURE_KEY, alice, insider.alter(genuine.message(), withLeaf(twin)), genuine);
    }

    @Test
    @Tag("R-7.3-18")
    void refusesAnEncryptionKeyThatAnotherNodeHas() throws Exception {
        HpkePublicKey carols = scene.group("carol")
                .state()
                .tree()
                .leaf(scene.group("carol").ownLeaf())
                .orElseThrow()
                .encryptionKey();
        Proposal add = new Proposal.Add(
                KeyPackageForge.of(dave.client()).withLeafKey(carols).make());
        Refusals.refuses(Rule.DUPLICATE_ENCRYPTION_KEY, alice, bob.insider().commit(List.of(add), Optional.empty()));
        Refusals.refuses(
                Rule.DUPLICATE_ENCRYPTION_KEY,
                alice,
                () -> alice.group().commit().propose(add).build());
    }

    @Test
    @Tag("R-7.3-19")
    void takesKeysThatTheSameCommitFrees() throws Exception {
        Actor carol = scene.actor("carol");
        HpkePublicKey freed = scene.group("carol")
                .state()
                .tree()
                .leaf(scene.group("carol").ownLeaf())
                .orElseThrow()
                .encryptionKey();
        // Carol comes back with her signature key, and even with the key of her old leaf.
        StagedCommit commit = alice.group()
                .commit()
                .remove(carol.group().ownLeaf())
                .add(KeyPackageForge.of(carol.client()).withLeafKey(freed).make())
                .build();
        bob.group().merge(bob.group().stage(Scene.wire(commit.message())));
        assertThat(bob.group().state()).isEqualTo(commit.nextState());
    }

    // ---- what is no reason to refuse

    @Test
    @Tag("R-7.2-05")
    @Tag("R-7.2-09")
    void takesLeavesThatListDefaultsAndUnknownTypes() throws Exception {
        List<ExtensionType> extensionTypes = new ArrayList<>(List.of(EXTENSION, new ExtensionType(0x7777)));
        IntStream.rangeClosed(1, 5).mapToObj(ExtensionType::new).forEach(extensionTypes::add);
        List<ProposalType> proposalTypes = new ArrayList<>(List.of(new ProposalType(0x7777), PROPOSAL));
        IntStream.rangeClosed(1, 7).mapToObj(ProposalType::new).forEach(proposalTypes::add);
        UnaryOperator<LeafNode.Content> listing = capabilities(c -> new Capabilities(
                List.of(new ProtocolVersion(0x7777), ProtocolVersion.MLS10),
                List.of(new CipherSuite(0x7777), SUITE),
                extensionTypes,
                proposalTypes,
                List.of(new CredentialType(0x7777), CredentialType.BASIC)));
        StagedCommit add = alice.group()
                .commit()
                .add(KeyPackageForge.of(dave.client()).withContent(listing).make())
                .build();
        scene.follow("alice", add);
        assertThat(bob.group().roster()).hasSize(4);
        Insider insider = bob.insider();
        MlsMessage update = insider.proposal(new Proposal.Update(update(insider, listing)));
        assertThat(alice.group().receive(update)).isInstanceOf(Received.ProposalCached.class);
    }
}
