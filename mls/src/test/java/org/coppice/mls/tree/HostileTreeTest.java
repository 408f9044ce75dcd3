package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.tree.TreeFixture.assertRule;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Trees made to cost as much as they can. The number of hashes is compared with the size of the tree, and the time limit catches
 * what is quadratic and does not hash.
 */
@Timeout(60)
class HostileTreeTest {
    private static final int LEAVES = 1 << 13;
    private static final int DEPTH = 13;

    private final Random random = TreeFixture.random("HostileTreeTest");
    private final SuiteCrypto plain = TreeFixture.crypto(random);
    private final WatchedHash watch = WatchedHash.of(plain);
    private final SuiteCrypto crypto = watch.in(plain);
    private final RandomLeaves source = new RandomLeaves(random);

    private TreeMap<NodeIndex, TreeNode> occupiedLeaves() {
        TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
        LeafNodeSource commit = new LeafNodeSource.Commit(Bytes.wrap(new byte[32]));
        for (int i = 0; i < LEAVES; i++) {
            nodes.put(node(2 * i), new TreeNode.Leaf(source.leaf(commit)));
        }
        return nodes;
    }

    private void putParents(TreeMap<NodeIndex, TreeNode> nodes, LongFunction<List<LeafIndex>> unmerged) {
        for (long i = 1; i < 2 * LEAVES - 1; i += 2) {
            Bytes hash = Bytes.wrap(new byte[32]);
            nodes.put(node(i), new TreeNode.Parent(new ParentNode(source.encryptionKey(), hash, unmerged.apply(i))));
        }
    }

    private static List<LeafIndex> leavesBelow(long parent) {
        long first = TreeMath.firstLeaf(parent);
        List<LeafIndex> out = new ArrayList<>();
        for (long i = first; i < first + (1L << TreeMath.level(parent)); i++) {
            out.add(leaf(i));
        }
        return out;
    }

    /** As a joiner gets it: encoded, decoded, hashed and validated. */
    private void join(TreeMap<NodeIndex, TreeNode> nodes) throws MlsException {
        RatchetTree made = RatchetTree.fromNodes(LEAVES, nodes, crypto);
        Bytes encoding = Bytes.wrap(made.encoded());
        watch.reset();
        RatchetTree tree = TreeFixture.tree(encoding, crypto);
        tree.treeHash();
        TreeValidator.validate(tree);
    }

    @Test
    void allLeavesUnmergedEverywhere() {
        TreeMap<NodeIndex, TreeNode> nodes = occupiedLeaves();
        putParents(nodes, HostileTreeTest::leavesBelow);
        assertRule(Rule.PARENT_HASH, () -> join(nodes));
        assertThat(watch.hashes()).isLessThan(20L * LEAVES);
    }

    @Test
    void allLeavesUnmergedInALongList() {
        TreeMap<NodeIndex, TreeNode> nodes = occupiedLeaves();
        putParents(nodes, x -> List.of());
        nodes.keySet().removeIf(x -> !x.isLeaf() && TreeMath.level(x) < DEPTH - 1);
        for (NodeIndex top : List.of(node(LEAVES - 1), node(LEAVES / 2 - 1), node(LEAVES + LEAVES / 2 - 1))) {
            HpkePublicKey key = source.encryptionKey();
            nodes.put(top, new TreeNode.Parent(new ParentNode(key, Bytes.EMPTY, leavesBelow(top.value()))));
        }
        assertRule(Rule.PARENT_HASH, () -> join(nodes));
        assertThat(watch.hashes()).isLessThan(20L * LEAVES);
    }

    /**
     * The costliest tree for parent hashes: every link is right, so nothing stops early, and each parent has a different half of
     * its leaves unmerged.
     */
    @Test
    void everyParentHashIsRightAndEveryListIsLong() throws MlsException {
        RatchetTree tree = RatchetTree.of(source.leaf(source.keyPackage()), crypto);
        // Members at even leaves fill the paths, then all odd leaves come in.
        List<LeafNode> all = new ArrayList<>();
        for (int i = 1; i < LEAVES; i++) {
            all.add(source.leaf(source.keyPackage()));
        }
        tree = tree.addAll(all).tree();
        for (int i = 1; i < LEAVES; i += 2) {
            tree = tree.remove(leaf(i));
        }
        for (int i = 0; i < tree.size(); i += 2) {
            tree = path(tree, i);
        }
        List<LeafNode> late = new ArrayList<>();
        for (int i = 0; i < LEAVES / 2; i++) {
            late.add(source.leaf(source.keyPackage()));
        }
        RatchetTree unmerged = tree.addAll(late).tree();
        Bytes encoding = Bytes.wrap(unmerged.encoded());
        watch.reset();
        TreeValidator.validate(TreeFixture.tree(encoding, crypto));
        // The hash beside each node is computed anew without its half of the leaves: log n of them for each leaf.
        assertThat(watch.hashes()).isLessThan(2L * LEAVES * (DEPTH + 8));
    }

    private RatchetTree path(RatchetTree tree, long sender) {
        SenderPath path = SenderPath.of(tree.version(), sender);
        HpkePublicKey[] keys = new HpkePublicKey[path.filtered().length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = source.encryptionKey();
        }
        SenderPath.Filled filled = path.fill(keys, crypto);
        return tree.withPath(path, source.leaf(new LeafNodeSource.Commit(filled.leafParentHash())), filled.contents());
    }

    @Test
    void parentsWithoutLeaves() {
        TreeMap<NodeIndex, TreeNode> nodes = occupiedLeaves();
        putParents(nodes, x -> List.of());
        nodes.keySet().removeIf(x -> x.isLeaf() && x.value() < 2 * LEAVES - 2);
        assertRule(Rule.PARENT_HASH, () -> join(nodes));
        assertThat(watch.hashes()).isLessThan(20L * LEAVES);
    }

    @Test
    void theSameKeysAtAllNodes() {
        HpkePublicKey encryption = source.freshEncryptionKey();
        SignaturePublicKey signature = source.freshSignatureKey();
        TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
        for (int i = 0; i < LEAVES; i++) {
            SignaturePublicKey own = i % 2 == 0 ? signature : source.freshSignatureKey();
            nodes.put(node(2 * i), new TreeNode.Leaf(source.leaf(encryption, own, source.keyPackage())));
        }
        assertRule(Rule.DUPLICATE_SIGNATURE_KEY, () -> join(nodes));
        assertThat(watch.hashes()).isLessThan(20L * LEAVES);
        RatchetTree tree = RatchetTree.fromNodes(LEAVES, nodes, crypto);
        assertThat(tree.leafWithEncryptionKey(encryption)).contains(leaf(0));
        for (int i = 0; i < 100; i++) {
            tree = tree.remove(leaf(i));
            assertThat(tree.duplicateEncryptionKey()).contains(leaf(i + 1));
        }
    }

    @Test
    void oneMemberFarToTheRight() throws MlsException {
        int nodes = (1 << 19) + 1;
        TlsWriter out = new TlsWriter(nodes + 1000);
        int mark = out.open();
        for (int i = 0; i < nodes - 1; i++) {
            out.uint8(0);
        }
        out.uint8(1).uint8(1).struct(source.leaf(source.keyPackage()));
        Bytes encoding = out.close(mark).toBytes();
        watch.reset();
        RatchetTree tree = TreeFixture.tree(encoding, crypto);
        TreeValidator.validate(tree);
        tree.treeHash();
        assertThat(watch.hashes()).isLessThan(4L * tree.size());
        // Every blank subtree keeps its hash, so a change costs the path alone.
        watch.reset();
        tree.add(source.leaf(source.keyPackage())).tree().treeHash();
        assertThat(watch.hashes()).isLessThan(100);
        assertThat(Bytes.wrap(tree.encoded())).isEqualTo(encoding);
    }

    @Test
    void nothingIsAllocatedForWhatIsNotThere() {
        // A length that the input does not have, and far more nodes than the limit allows.
        assertThatThrownBy(() -> TreeFixture.tree(Bytes.fromHex("bfffffff00"), crypto))
                .isInstanceOf(MlsException.class);
        Bytes zeros = new TlsWriter().vector(new byte[1 << 21]).toBytes();
        DecodeLimits limits = new DecodeLimits(1 << 28, 1000);
        assertThatThrownBy(() -> RatchetTree.decode(new TlsReader(zeros, limits), crypto))
                .isInstanceOf(MlsException.class);
    }

    @Test
    void capabilitiesWithManyNumbers() {
        List<ExtensionType> many = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            many.add(new ExtensionType(i * 31 & 0xffff));
        }
        Capabilities capabilities = new Capabilities(
                List.of(ProtocolVersion.MLS10), List.of(), many, List.of(), List.of(CredentialType.BASIC));
        List<LeafNode> leaves = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            leaves.add(RandomLeaves.encode(
                    source.encryptionKey(),
                    source.signatureKey(),
                    Credential.basic(Bytes.EMPTY),
                    capabilities,
                    source.keyPackage()));
        }
        RatchetTree tree = RatchetTree.of(leaves.get(0), crypto)
                .addAll(leaves.subList(1, 64))
                .tree();
        for (int i = 0; i < 64; i++) {
            tree = tree.update(leaf(i), leaves.get(63 - i));
            assertThat(tree.support().supportsAll(new ExtensionType(31))).isTrue();
        }
    }
}
