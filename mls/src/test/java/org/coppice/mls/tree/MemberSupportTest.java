package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.tree.TreeFixture.leaf;

import java.util.List;
import java.util.Random;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MemberSupportTest {
    private static final ExtensionType EXTENSION = new ExtensionType(0xf001);
    private static final ProposalType PROPOSAL = new ProposalType(0xf002);

    private static final Credential BASIC = Credential.basic(Bytes.EMPTY);

    private final Random random = TreeFixture.random("MemberSupportTest");
    private final SuiteCrypto crypto = TreeFixture.crypto(random);
    private final RandomLeaves source = new RandomLeaves(random);

    private LeafNode leafWith(Capabilities capabilities) {
        return RandomLeaves.encode(
                source.encryptionKey(),
                source.signatureKey(),
                Credential.basic(Bytes.EMPTY),
                capabilities,
                source.keyPackage());
    }

    private static Capabilities capabilities(int grease) {
        return new Capabilities(
                List.of(ProtocolVersion.MLS10),
                List.of(new CipherSuite(3), new CipherSuite(1), new CipherSuite(CodePoints.grease(grease))),
                List.of(new ExtensionType(CodePoints.grease(grease)), EXTENSION),
                List.of(PROPOSAL),
                List.of(CredentialType.X509, CredentialType.BASIC));
    }

    private RatchetTree treeOf(int members) {
        RatchetTree tree = RatchetTree.of(leafWith(capabilities(0)), crypto);
        for (int i = 1; i < members; i++) {
            tree = tree.add(leafWith(capabilities(random.nextInt(15)))).tree();
        }
        return tree;
    }

    @Test
    @Tag("R-7.3-08")
    @Tag("R-7.3-09")
    void saysWhatEveryMemberSupports() {
        MemberSupport support = treeOf(50).support();
        assertThat(support.supportsAll(ProtocolVersion.MLS10)).isTrue();
        assertThat(support.supportsAll(new ProtocolVersion(2))).isFalse();
        assertThat(support.supportsAll(new CipherSuite(3))).isTrue();
        assertThat(support.supportsAll(new CipherSuite(2))).isFalse();
        assertThat(support.commonCipherSuites()).containsExactly(new CipherSuite(1), new CipherSuite(3));
        assertThat(support.supportsAll(EXTENSION)).isTrue();
        assertThat(support.supportsAll(PROPOSAL)).isTrue();
        assertThat(support.supportsAll(CredentialType.X509)).isTrue();
        assertThat(support.usedCredentialTypes()).containsExactly(CredentialType.BASIC);
        assertThat(support.coversUsedCredentialTypes()).isTrue();
    }

    @Test
    @Tag("R-7.2-05")
    void defaultsNeedNoListing() {
        MemberSupport support = treeOf(3).support();
        for (int value = 1; value <= 5; value++) {
            assertThat(support.supportsAll(new ExtensionType(value))).isTrue();
        }
        for (int value = 1; value <= 7; value++) {
            assertThat(support.supportsAll(new ProposalType(value))).isTrue();
        }
        assertThat(support.supportsAll(new ExtensionType(6))).isFalse();
        assertThat(support.supportsAll(new ProposalType(8))).isFalse();
        assertThat(support.supportsAll(new CredentialType(3))).isFalse();
    }

    @Test
    void oneMemberWithoutItIsEnough() {
        RatchetTree tree = treeOf(40);
        Capabilities less = new Capabilities(
                List.of(ProtocolVersion.MLS10), List.of(), List.of(), List.of(), List.of(CredentialType.X509));
        RatchetTree changed = tree.update(leaf(21), leafWith(less));
        assertThat(changed.support().supportsAll(EXTENSION)).isFalse();
        assertThat(changed.support().supportsAll(PROPOSAL)).isFalse();
        assertThat(changed.support().coversUsedCredentialTypes()).isFalse();
        assertThat(tree.support().supportsAll(EXTENSION)).isTrue();
        assertThat(changed.remove(leaf(21)).support()).isEqualTo(tree.support());
    }

    @Test
    @Tag("R-11.1-05")
    void knowsWhetherRequiredCapabilitiesAreMet() {
        MemberSupport support = treeOf(5).support();
        assertThat(support.supportsAll(new RequiredCapabilities(
                        List.of(EXTENSION, ExtensionType.EXTERNAL_PUB),
                        List.of(PROPOSAL, ProposalType.REINIT),
                        List.of(CredentialType.X509))))
                .isTrue();
        assertThat(support.supportsAll(
                        new RequiredCapabilities(List.of(new ExtensionType(0xf101)), List.of(), List.of())))
                .isFalse();
        assertThat(support.supportsAll(
                        new RequiredCapabilities(List.of(), List.of(new ProposalType(0xf102)), List.of())))
                .isFalse();
        assertThat(support.supportsAll(
                        new RequiredCapabilities(List.of(), List.of(), List.of(new CredentialType(0xf103)))))
                .isFalse();
    }

    @Test
    void aPathThatChangesNothingButTheCredentialTypeIsSeen() {
        RatchetTree tree = treeOf(40);
        assertThat(tree.support().usedCredentialTypes()).containsExactly(CredentialType.BASIC);
        LeafNode old = tree.leaf(leaf(21)).orElseThrow();
        LeafNode other = RandomLeaves.encode(
                source.encryptionKey(),
                source.signatureKey(),
                new Credential.X509(List.of()),
                old.capabilities(),
                source.keyPackage());
        assertThat(tree.update(leaf(21), other).support().usedCredentialTypes())
                .containsExactly(CredentialType.BASIC, CredentialType.X509);
    }

    @Test
    void subtreesThatSupportTheSameShareOneObject() {
        RatchetTree tree = treeOf(512);
        MemberSupport support = tree.support();
        Subtree.Inner root = (Subtree.Inner) tree.version().node();
        assertThat(((Subtree.Hub) root.left()).support()).isSameAs(support);
        assertThat(((Subtree.Hub) root.right()).support()).isSameAs(support);
        // GREASE differs from leaf to leaf, and is forgotten above a few of them.
        assertThat(support.supportsAll(new ExtensionType(CodePoints.grease(0)))).isFalse();
    }

    @Test
    @Tag("R-7.3-08")
    void whatOneOfTwoListsIsNotSupportedByBoth() {
        for (int[] order : new int[][] {{1, 2}, {2, 1}}) {
            MemberSupport support =
                    treeOf(listing(order[0], BASIC), listing(order[1], BASIC)).support();
            for (int number : order) {
                assertThat(support.supportsAll(new CipherSuite(number))).isFalse();
                assertThat(support.supportsAll(new ExtensionType(0xf000 + number)))
                        .isFalse();
            }
        }
    }

    @Test
    @Tag("R-7.3-08")
    void knowsEachCredentialTypeInUseOnce() {
        CredentialType other = new CredentialType(0xf003);
        LeafNode basic = listing(1, BASIC);
        LeafNode x509 = listing(1, new Credential.X509(List.of()));
        LeafNode rare = listing(1, new Credential.Other(other, Bytes.EMPTY));
        MemberSupport support = treeOf(basic, x509, rare, basic).support();
        assertThat(support.usedCredentialTypes()).containsExactly(CredentialType.BASIC, CredentialType.X509, other);
        assertThat(support.coversUsedCredentialTypes()).isFalse();
        assertThat(support)
                .isEqualTo(treeOf(rare, basic, x509, rare).support())
                .hasSameHashCodeAs(treeOf(rare, basic, x509, rare).support());
    }

    /** A leaf that lists one suite and one extension of this number, and the credential types of the RFC. */
    private LeafNode listing(int number, Credential credential) {
        Capabilities capabilities = new Capabilities(
                List.of(ProtocolVersion.MLS10),
                List.of(new CipherSuite(number)),
                List.of(new ExtensionType(0xf000 + number)),
                List.of(),
                List.of(CredentialType.BASIC, CredentialType.X509));
        return RandomLeaves.encode(
                source.encryptionKey(), source.signatureKey(), credential, capabilities, source.keyPackage());
    }

    private RatchetTree treeOf(LeafNode... leaves) {
        return RatchetTree.of(leaves[0], crypto)
                .addAll(List.of(leaves).subList(1, leaves.length))
                .tree();
    }
}
