package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** New proposals, credentials and extensions (RFC 9420 §13.2 to §13.4). */
class ExtensibilityRulesTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    private static final ExtensionType NEW = new ExtensionType(0xf101);
    private static final ExtensionType OTHER = new ExtensionType(0xf102);
    private static final ProposalType CUSTOM = new ProposalType(0xf001);
    private static final Extensions WITH_NEW = Extensions.of(new Extension(NEW, Bytes.fromHex("01")));

    private Scene scene;
    private Actor alice;
    private Actor bob;

    /** Alice and bob support the extension NEW, which their group has. */
    @BeforeEach
    void twoMembers() throws MlsException {
        scene = Scene.empty(SUITE);
        supporting("alice", List.of(NEW));
        supporting("bob", List.of(NEW));
        scene.withGroup(WITH_NEW, "alice", "bob");
        alice = scene.actor("alice");
        bob = scene.actor("bob");
    }

    private Actor supporting(String name, List<ExtensionType> extensions) throws MlsException {
        Actor actor = scene.client(name);
        actor.become(with(
                actor.client(),
                plain -> new Capabilities(
                        plain.versions(), plain.cipherSuites(), extensions, plain.proposals(), plain.credentials())));
        return actor;
    }

    private static MlsClient with(MlsClient client, UnaryOperator<Capabilities> change) {
        return client.withCapabilities(change.apply(client.capabilities()));
    }

    private Insider insider() throws MlsException {
        return alice.insider();
    }

    private static List<Commit.ProposalOrRef> byValue(Proposal proposal) {
        return List.of(new Commit.ByValue(proposal));
    }

    // ---- proposals

    @Test
    @Tag("R-13.2-01")
    void aProposalTypeNeedsTheSupportOfAllMembers() throws Exception {
        Proposal custom = new Proposal.Custom(CUSTOM, Bytes.EMPTY);
        Refusals.refuses(
                Rule.PROPOSAL_NOT_SUPPORTED,
                alice,
                () -> alice.group().commit().propose(custom).build());
        StagedCommit genuine = alice.group().commit().build();
        MlsMessage bad = insider().alter(genuine.message(), commit -> new Commit(byValue(custom), commit.path()));
        Refusals.refusesThenFollows(Rule.PROPOSAL_NOT_SUPPORTED, bob, bad, genuine);
    }

    // ---- credentials

    @Test
    @Tag("R-13.3-01")
    @Tag("R-13.3-02")
    void aCredentialTypeNeedsTheSupportOfAllMembers() throws MlsException {
        CredentialType type = new CredentialType(0xf001);
        Actor carol = scene.client("carol");
        UnaryOperator<Capabilities> listing = plain -> new Capabilities(
                plain.versions(),
                plain.cipherSuites(),
                List.of(NEW),
                plain.proposals(),
                List.of(CredentialType.BASIC, type));
        carol.become(with(
                MlsClient.create(
                        carol.client().environment(), SUITE, new Credential.Other(type, Bytes.fromHex("0100"))),
                listing));
        KeyPackage keyPackage = carol.client().generateKeyPackage().keyPackage();
        Refusals.refuses(
                Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL,
                alice,
                () -> alice.group().commit().add(keyPackage).build());
        Refusals.refuses(
                Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL,
                bob,
                insider().commit(List.of(new Proposal.Add(keyPackage)), Optional.empty()));
        // Once all leaves list it, it can be used.
        for (Actor actor : List.of(alice, bob)) {
            Capabilities next = listing.apply(actor.client().capabilities());
            StagedCommit commit = actor.group()
                    .commit()
                    .leaf(LeafUpdate.KEY_ONLY.withCapabilities(next))
                    .build();
            scene.follow(actor.name(), commit);
        }
        scene.add("alice", "carol");
        assertThat(scene.group("carol").state()).isEqualTo(bob.group().state());
        // And required_capabilities keeps it so.
        Extensions required =
                WITH_NEW.with(new RequiredCapabilities(List.of(), List.of(), List.of(type)).toExtension());
        scene.follow("bob", bob.group().commit().extensions(required).build());
        KeyPackage without =
                supporting("dave", List.of(NEW)).client().generateKeyPackage().keyPackage();
        Refusals.refuses(
                Rule.LEAF_REQUIRED_CAPABILITIES,
                alice,
                () -> alice.group().commit().add(without).build());
    }

    // ---- extensions and their support

    @Test
    @Tag("R-13.4-01")
    void aClientAdvertisesWhatItsEnvironmentOffers() throws MlsException {
        Capabilities published = bob.client()
                .generateKeyPackage()
                .keyPackage()
                .leafNode()
                .capabilities()
                .withoutGrease();
        assertThat(published.versions()).containsExactly(ProtocolVersion.MLS10);
        for (CipherSuite suite : published.cipherSuites()) {
            assertThat(bob.client().environment().crypto(suite).suite()).isEqualTo(suite);
        }
        assertThat(published.extensions()).containsExactly(NEW);
        assertThat(published.proposals()).isEmpty();
        assertThat(published.credentials()).containsExactlyInAnyOrder(CredentialType.BASIC, CredentialType.X509);
    }

    @Test
    @Tag("R-13.4-02")
    void ignoresUnknownValuesInLeafAndKeyPackage() throws MlsException {
        Actor carol = scene.client("carol");
        Extension leaf = new Extension(OTHER, Bytes.fromHex("ff00"));
        carol.become(with(
                        carol.client(),
                        plain -> new Capabilities(
                                List.of(ProtocolVersion.MLS10, new ProtocolVersion(0x7777)),
                                List.of(SUITE, new CipherSuite(0x7777)),
                                List.of(NEW, new ExtensionType(0x7777)),
                                List.of(new ProposalType(0x7777)),
                                List.of(CredentialType.BASIC, CredentialType.X509, new CredentialType(0x7777))))
                .withLeafExtensions(Extensions.of(leaf)));
        KeyPackageBundle bundle = carol.client()
                .generateKeyPackage(
                        Extensions.of(new Extension(new ExtensionType(0x7778), Bytes.fromHex("abcd"))),
                        org.coppice.mls.tree.Lifetime.around(
                                java.time.Instant.now(), java.time.Duration.ofHours(1), java.time.Duration.ofDays(1)));
        StagedCommit staged = alice.group().commit().add(bundle.keyPackage()).build();
        scene.follow("alice", staged);
        Group joined = carol.client().join(Scene.wire(staged.welcome().orElseThrow()), bundle);
        assertThat(joined.state()).isEqualTo(bob.group().state());
    }

    @Test
    @Tag("R-13.4-04")
    void cannotMakeAListWithTwoExtensionsOfOneType() {
        Extension extension = new Extension(NEW, Bytes.EMPTY);
        assertThatThrownBy(() -> Extensions.of(extension, extension)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Extensions.of(extension).with(extension).entries()).hasSize(1);
    }

    @Test
    @Tag("R-13.4-05")
    void rejectsTwoExtensionsOfOneTypeInEveryList() throws MlsException {
        Extensions two =
                Extensions.of(new Extension(NEW, Bytes.fromHex("aa")), new Extension(OTHER, Bytes.fromHex("bb")));
        MlsClient plain = supporting("carol", List.of(NEW, OTHER)).client();
        KeyPackage keyPackage = plain.generateKeyPackage(
                        two,
                        org.coppice.mls.tree.Lifetime.around(
                                java.time.Instant.now(), java.time.Duration.ofHours(1), java.time.Duration.ofDays(1)))
                .keyPackage();
        refusesTwice(keyPackage, KeyPackage::decode);
        refusesTwice(
                plain.withLeafExtensions(two).generateKeyPackage().keyPackage().leafNode(), LeafNode::decode);
        GroupContext context = alice.group().state().context().provisional(Bytes.EMPTY, two);
        refusesTwice(context, GroupContext::decode);
        GroupInfo info = GroupInfo.sign(
                alice.group().state().context(),
                two,
                Bytes.EMPTY,
                new LeafIndex(0),
                plain.crypto(),
                alice.client().signer());
        refusesTwice(info, GroupInfo::decode);
        refusesTwice(new Proposal.GroupContextExtensions(two), Proposal::decode);
        refusesTwice(new Proposal.ReInit(Bytes.EMPTY, ProtocolVersion.MLS10, SUITE, two), Proposal::decode);
    }

    /** Turns the second extension of an encoded list into one of the first one's type. */
    private static <T extends Encodable> void refusesTwice(T object, Decoder<T> decoder) throws MlsException {
        String encoded = SuiteCrypto.encode(object).toHex();
        assertThat(encoded).contains("f10101aa" + "f10201bb");
        assertThat(decoder.decodeAll(Bytes.fromHex(encoded), DecodeLimits.DEFAULT))
                .isEqualTo(object);
        Bytes twice = Bytes.fromHex(encoded.replace("f10101aaf10201bb", "f10101aaf10101bb"));
        assertThatThrownBy(() -> decoder.decodeAll(twice, DecodeLimits.DEFAULT))
                .satisfies(thrown -> assertThat(Refusals.ruleOf(thrown)).isEqualTo(Rule.EXTENSION_DUPLICATE));
    }

    @Test
    @Tag("R-13.4-06")
    void rejectsAnAddedMemberThatLacksAGroupExtension() throws Exception {
        Actor carol = scene.client("carol");
        KeyPackage keyPackage = carol.client().generateKeyPackage().keyPackage();
        Refusals.refuses(
                Rule.GROUP_EXTENSION_NOT_SUPPORTED,
                alice,
                () -> alice.group().commit().add(keyPackage).build());
        StagedCommit genuine = alice.group().commit().build();
        MlsMessage bad = insider()
                .alter(genuine.message(), commit -> new Commit(byValue(new Proposal.Add(keyPackage)), commit.path()));
        Refusals.refusesThenFollows(Rule.GROUP_EXTENSION_NOT_SUPPORTED, bob, bad, genuine);
    }

    @Test
    @Tag("R-13.4-07")
    void rejectsAGroupExtensionThatAMemberLacks() throws Exception {
        Extensions next = WITH_NEW.with(new Extension(OTHER, Bytes.EMPTY));
        Refusals.refuses(
                Rule.GROUP_EXTENSION_NOT_SUPPORTED,
                alice,
                () -> alice.group().commit().extensions(next).build());
        StagedCommit genuine = alice.group().commit().build();
        MlsMessage bad = insider()
                .alter(
                        genuine.message(),
                        commit -> new Commit(byValue(new Proposal.GroupContextExtensions(next)), commit.path()));
        Refusals.refusesThenFollows(Rule.GROUP_EXTENSION_NOT_SUPPORTED, bob, bad, genuine);
    }

    private static Capabilities without(Capabilities plain) {
        return new Capabilities(
                plain.versions(), plain.cipherSuites(), List.of(), plain.proposals(), plain.credentials());
    }

    @Test
    @Tag("R-13.4-09")
    void rejectsAnUpdateThatNoLongerSupportsAGroupExtension() throws MlsException {
        LeafNode old = alice.group().state().tree().leaf(new LeafIndex(0)).orElseThrow();
        LeafNode leaf = LeafNode.sign(
                new LeafNode.Content(
                        old.signatureKey(), old.credential(), without(old.capabilities()), Extensions.EMPTY),
                alice.client().crypto().generateHpkeKeyPair().publicKey(),
                new LeafNodeSource.Update(),
                new LeafNode.Position(alice.group().groupId(), new LeafIndex(0)),
                alice.client().crypto(),
                alice.client().signer());
        Refusals.refuses(Rule.GROUP_EXTENSION_NOT_SUPPORTED, bob, insider().proposal(new Proposal.Update(leaf)));
    }

    @Test
    @Tag("R-13.4-10")
    void rejectsAPathLeafThatNoLongerSupportsAGroupExtension() throws Exception {
        LeafUpdate less =
                LeafUpdate.KEY_ONLY.withCapabilities(without(alice.client().capabilities()));
        Refusals.refuses(
                Rule.GROUP_EXTENSION_NOT_SUPPORTED,
                alice,
                () -> alice.group()
                        .commit()
                        .leaf(less.withExtensions(Extensions.EMPTY))
                        .build());
        StagedCommit genuine = alice.group().commit().build();
        MlsMessage bad = insider().alter(genuine.message(), commit -> {
            UpdatePath path = commit.path().orElseThrow();
            LeafNode.Content content = path.leafNode().content();
            try {
                LeafNode leaf = LeafNode.sign(
                        new LeafNode.Content(
                                content.signatureKey(),
                                content.credential(),
                                without(content.capabilities()),
                                Extensions.EMPTY),
                        path.leafNode().encryptionKey(),
                        path.leafNode().source(),
                        new LeafNode.Position(alice.group().groupId(), new LeafIndex(0)),
                        alice.client().crypto(),
                        alice.client().signer());
                return new Commit(commit.proposals(), Optional.of(new UpdatePath(leaf, path.nodes())));
            } catch (MlsException e) {
                throw new AssertionError(e);
            }
        });
        Refusals.refusesThenFollows(Rule.GROUP_EXTENSION_NOT_SUPPORTED, bob, bad, genuine);
    }

    // ---- extensions in the wrong place

    private static Extension empty(ExtensionType type) {
        return new Extension(type, Bytes.EMPTY);
    }

    @Test
    @Tag("R-13.4-11")
    void rejectsExtensionsOfOtherObjectsInAGroupContext() throws MlsException {
        for (ExtensionType type : List.of(
                ExtensionType.RATCHET_TREE,
                ExtensionType.EXTERNAL_PUB,
                ExtensionType.APPLICATION_ID,
                ExtensionType.LAST_RESORT)) {
            Extensions misplaced = Extensions.of(empty(type));
            Refusals.refuses(
                    Rule.EXTENSION_MISPLACED, alice, () -> alice.client().createGroup(Bytes.EMPTY, misplaced));
            Refusals.refuses(
                    Rule.EXTENSION_MISPLACED, bob, insider().proposal(new Proposal.GroupContextExtensions(misplaced)));
            Refusals.refuses(
                    Rule.EXTENSION_MISPLACED,
                    bob,
                    insider().proposal(new Proposal.ReInit(Bytes.EMPTY, ProtocolVersion.MLS10, SUITE, misplaced)));
        }
    }

    @Test
    @Tag("R-13.4-11")
    void rejectsExtensionsOfOtherObjectsInLeavesAndKeyPackages() throws MlsException {
        Actor carol = supporting("carol", List.of(NEW));
        List<KeyPackage> bad = new ArrayList<>();
        for (ExtensionType type : List.of(
                ExtensionType.RATCHET_TREE,
                ExtensionType.EXTERNAL_PUB,
                ExtensionType.REQUIRED_CAPABILITIES,
                ExtensionType.EXTERNAL_SENDERS)) {
            Extensions misplaced = Extensions.of(empty(type));
            bad.add(KeyPackageForge.of(carol.client())
                    .withContent(content -> new LeafNode.Content(
                            content.signatureKey(), content.credential(), content.capabilities(), misplaced))
                    .make());
            bad.add(KeyPackageForge.of(carol.client()).withExtensions(misplaced).make());
        }
        for (KeyPackage keyPackage : bad) {
            Refusals.refuses(Rule.EXTENSION_MISPLACED, bob, insider().proposal(new Proposal.Add(keyPackage)));
        }
    }

    @Test
    @Tag("R-13.4-11")
    void rejectsExtensionsOfOtherObjectsInAGroupInfo() throws MlsException {
        supporting("joiner", List.of(NEW));
        Joining joining = Joining.of(scene, "alice", scene.actor("joiner"), commit -> commit);
        for (ExtensionType type : List.of(
                ExtensionType.REQUIRED_CAPABILITIES, ExtensionType.EXTERNAL_SENDERS, ExtensionType.APPLICATION_ID)) {
            joining.refuses(
                    Rule.EXTENSION_MISPLACED,
                    joining.forge().extensions(old -> old.with(empty(type))).seal(joining.signer()));
        }
        joining.joinsByTheGenuineWelcome();
    }

    // ---- GREASE gets no treatment of its own

    @Test
    @Tag("R-13.5-06")
    void reservedTypesAreRefusedWhereUnknownOnesAre() throws MlsException {
        // One that alice and bob do not both list by chance.
        var support = bob.group().state().tree().support();
        ExtensionType reserved = java.util.stream.IntStream.range(0, 15)
                .mapToObj(i -> new ExtensionType(CodePoints.grease(i)))
                .filter(type -> !support.supportsAll(type))
                .findFirst()
                .orElseThrow();
        Extensions next = WITH_NEW.with(empty(reserved));
        Refusals.refuses(
                Rule.GROUP_EXTENSION_NOT_SUPPORTED,
                alice,
                () -> alice.group().commit().extensions(next).build());
    }

    /**
     * A joiner once took the reserved values of its own key package for extensions that it supports, and so refused such a group
     * for the other members' sake only.
     */
    @Test
    @Tag("R-13.5-06")
    @Tag("R-13.5-07")
    void aJoinerDoesNotSupportTheReservedTypesThatItSent() throws MlsException {
        Joining joining = Joining.of(scene, "alice", supporting("joiner", List.of(NEW)), commit -> commit);
        ExtensionType sent =
                joining.bundle.keyPackage().leafNode().extensions().types().get(0);
        assertThat(CodePoints.isGrease(sent.value())).isTrue();
        joining.refuses(
                Rule.GROUP_INFO_EXTENSION_NOT_SUPPORTED,
                joining.forge()
                        .context(old -> new GroupContext(
                                old.version(),
                                old.cipherSuite(),
                                old.groupId(),
                                old.epoch(),
                                old.treeHash(),
                                old.confirmedTranscriptHash(),
                                old.extensions().with(empty(sent))))
                        .seal(joining.signer()));
    }
}
