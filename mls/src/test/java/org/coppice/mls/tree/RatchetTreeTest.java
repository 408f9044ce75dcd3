package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.tree.TreeFixture.assertDecodeRule;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.leaves;
import static org.coppice.mls.tree.TreeFixture.node;
import static org.coppice.mls.tree.TreeFixture.nodes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.registry.ExtensionType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RatchetTreeTest {
    private final Random random = TreeFixture.random("RatchetTreeTest");
    private final SuiteCrypto crypto = TreeFixture.crypto(random);
    private final RandomLeaves source = new RandomLeaves(random);

    private LeafNode newLeaf() {
        return source.leaf(source.keyPackage());
    }

    private RatchetTree treeOf(int members) {
        RatchetTree tree = RatchetTree.of(newLeaf(), crypto);
        for (int i = 1; i < members; i++) {
            tree = tree.add(newLeaf()).tree();
        }
        return tree;
    }

    /** A tree in which somebody has filled the path above a leaf. */
    private RatchetTree withPath(RatchetTree tree, long sender) {
        SenderPath path = SenderPath.of(tree.version(), sender);
        HpkePublicKey[] keys = new HpkePublicKey[path.filtered().length];
        Arrays.setAll(keys, i -> source.encryptionKey());
        SenderPath.Filled filled = path.fill(keys, crypto);
        LeafNode leaf = source.leaf(new LeafNodeSource.Commit(filled.leafParentHash()));
        return tree.withPath(path, leaf, filled.contents());
    }

    // ---- changes

    @Test
    @Tag("R-7.7-01")
    void newMembersTakeTheLeftmostBlankLeaf() {
        RatchetTree tree = treeOf(8).remove(leaf(1)).remove(leaf(4)).remove(leaf(5));
        RatchetTree.AddedAll added = tree.addAll(List.of(newLeaf(), newLeaf(), newLeaf(), newLeaf()));
        assertThat(added.indices()).isEqualTo(leaves(1, 4, 5, 8));
        assertThat(added.tree().size()).isEqualTo(16);
    }

    @Test
    @Tag("R-12.1.1-03")
    void newMembersAreUnmergedAboveThem() {
        RatchetTree tree = withPath(treeOf(4).remove(leaf(1)), 3);
        RatchetTree.Added added = tree.add(newLeaf());
        assertThat(added.index()).isEqualTo(leaf(1));
        assertThat(added.tree().parent(node(3)).orElseThrow().unmergedLeaves()).isEqualTo(leaves(1));
        assertThat(added.tree().parent(node(5)).orElseThrow().unmergedLeaves()).isEmpty();
        assertThat(added.tree().resolution(node(3))).isEqualTo(nodes(3, 2));
        assertThat(tree.parent(node(3)).orElseThrow().unmergedLeaves()).isEmpty();
    }

    @Test
    @Tag("R-7.1-02")
    void unmergedLeavesStayInOrder() {
        RatchetTree tree = withPath(treeOf(8).remove(leaf(1)).remove(leaf(6)), 3);
        tree = tree.addAll(List.of(newLeaf(), newLeaf())).tree();
        assertThat(tree.parent(node(7)).orElseThrow().unmergedLeaves()).isEqualTo(leaves(1, 6));
        // A leaf to the left of one that is listed.
        tree = tree.remove(leaf(6));
        tree = withPath(tree, 3).remove(leaf(0));
        tree = withPath(tree, 3);
        tree = tree.addAll(List.of(newLeaf(), newLeaf())).tree();
        assertThat(tree.parent(node(7)).orElseThrow().unmergedLeaves()).isEqualTo(leaves(0, 6));
        // In a tree that nobody would make, or validate: what is blank is listed, and what is to the right of it.
        TreeMap<NodeIndex, TreeNode> nodes = TreeFixture.nodesOf(treeOf(4).remove(leaf(1)));
        nodes.put(node(3), new TreeNode.Parent(newParent(1, 2)));
        RatchetTree strange =
                RatchetTree.fromNodes(4, nodes, crypto).add(newLeaf()).tree();
        assertThat(strange.parent(node(3)).orElseThrow().unmergedLeaves()).isEqualTo(leaves(1, 2));
        nodes.put(node(3), new TreeNode.Parent(newParent(2)));
        strange = RatchetTree.fromNodes(4, nodes, crypto).add(newLeaf()).tree();
        assertThat(strange.parent(node(3)).orElseThrow().unmergedLeaves()).isEqualTo(leaves(1, 2));
    }

    @Test
    @Tag("R-12.1.2-03")
    @Tag("R-12.1.3-02")
    void updatesAndRemovesBlankTheNodesAbove() {
        RatchetTree full = withPath(withPath(treeOf(4), 0), 2);
        assertThat(full.parent(node(1))).isPresent();
        RatchetTree updated = full.update(leaf(1), newLeaf());
        assertThat(updated.parent(node(1))).isEmpty();
        assertThat(updated.parent(node(3))).isEmpty();
        assertThat(updated.parent(node(5))).isEqualTo(full.parent(node(5)));
        RatchetTree removed = full.remove(leaf(0));
        assertThat(removed.leaf(leaf(0))).isEmpty();
        assertThat(removed.parent(node(1))).isEmpty();
        assertThat(removed.parent(node(3))).isEmpty();
        assertThat(removed.size()).isEqualTo(4);
    }

    @Test
    @Tag("R-7.7-02")
    void theTreeShrinksWhenItsRightHalvesAreEmpty() {
        RatchetTree tree = treeOf(9);
        assertThat(tree.size()).isEqualTo(16);
        assertThat(tree.remove(leaf(8)).size()).isEqualTo(8);
        RatchetTree left = tree.remove(leaf(2))
                .remove(leaf(3))
                .remove(leaf(4))
                .remove(leaf(5))
                .remove(leaf(6));
        left = left.remove(leaf(7));
        assertThat(left.size()).isEqualTo(16);
        left = left.remove(leaf(8));
        assertThat(left.size()).isEqualTo(2);
        assertThat(left.remove(leaf(1)).size()).isEqualTo(1);
        assertThat(left.remove(leaf(0)).size()).isEqualTo(2);
    }

    @Test
    void aTreeOfNobodyIsOneBlankLeaf() {
        RatchetTree empty = treeOf(1).remove(leaf(0));
        assertThat(empty.size()).isEqualTo(1);
        assertThat(empty.memberCount()).isZero();
        assertThat(empty.members()).isEmpty();
        assertThat(empty.nextFreeLeaf()).isEqualTo(leaf(0));
        assertThat(empty.encoded()).isEqualTo(new byte[] {0});
        assertThat(empty.support().supportsAll(new ExtensionType(0xf001))).isTrue();
        assertThat(empty.add(newLeaf()).index()).isEqualTo(leaf(0));
    }

    @Test
    void changesOfLeavesThatAreNotThereAreTheCallersMistake() {
        RatchetTree tree = treeOf(3);
        LeafNode any = newLeaf();
        for (LeafIndex nobody : leaves(3, 4, 0xffff_ffffL)) {
            assertCallersMistake(() -> tree.update(nobody, any));
            assertCallersMistake(() -> tree.remove(nobody));
        }
        for (NodeIndex outside : nodes(7, 8, (1L << 33) - 1)) {
            assertCallersMistake(() -> tree.resolution(outside));
            assertCallersMistake(() -> tree.treeHash(outside));
            assertCallersMistake(() -> tree.directPath(outside));
            assertCallersMistake(() -> tree.copath(outside));
        }
        assertCallersMistake(() -> tree.filteredDirectPath(leaf(4)));
    }

    @Test
    void whatLiesOutsideTheTreeIsBlank() {
        RatchetTree tree = treeOf(3);
        assertThat(tree.leaf(leaf(4))).isEmpty();
        assertThat(tree.leaf(leaf(0xffff_ffffL))).isEmpty();
        assertThat(tree.parent(node(7))).isEmpty();
        assertThat(tree.parent(node(0))).isEmpty();
        assertThat(tree.encryptionKey(node(6))).isEmpty();
        assertThat(tree.encryptionKey(node((1L << 33) - 1))).isEmpty();
    }

    private static void assertCallersMistake(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- keys

    @Test
    void findsWhoHoldsAKeyTheFirstLeafTooAndNobodyForAnother() {
        RatchetTree tree = treeOf(3);
        LeafNode first = tree.leaf(leaf(0)).orElseThrow();
        assertThat(tree.containsEncryptionKey(first.encryptionKey())).isTrue();
        assertThat(tree.leafWithEncryptionKey(first.encryptionKey())).contains(leaf(0));
        assertThat(tree.leafWithSignatureKey(first.signatureKey())).contains(leaf(0));
        assertThat(tree.add(first).tree().leafWithEncryptionKey(first.encryptionKey()))
                .contains(leaf(0));
        assertThat(tree.containsEncryptionKey(source.encryptionKey())).isFalse();
        assertThat(tree.leafWithEncryptionKey(source.encryptionKey())).isEmpty();
        assertThat(tree.leafWithSignatureKey(source.signatureKey())).isEmpty();
        assertThat(tree.copath(node(2))).containsExactly(node(0), node(5));
    }

    @Test
    @Tag("R-7.3-19")
    void countsKeysThatAreThereTwiceUntilTheyAreNot() {
        RatchetTree tree = treeOf(40);
        LeafNode known = tree.leaf(leaf(11)).orElseThrow();
        assertThat(tree.duplicateSignatureKey()).isEmpty();
        RatchetTree twice = tree.add(known).tree();
        assertThat(twice.duplicateSignatureKey()).contains(leaf(40));
        assertThat(twice.duplicateEncryptionKey()).contains(leaf(11));
        assertThat(twice.leafWithEncryptionKey(known.encryptionKey())).contains(leaf(11));
        RatchetTree thrice = twice.add(known).tree();
        RatchetTree again = thrice.remove(leaf(11));
        assertThat(again.duplicateSignatureKey()).contains(leaf(41));
        assertThat(again.leafWithSignatureKey(known.signatureKey())).contains(leaf(40));
        RatchetTree once = again.remove(leaf(41));
        assertThat(once.duplicateSignatureKey()).isEmpty();
        assertThat(once.duplicateEncryptionKey()).isEmpty();
        assertThat(once.containsEncryptionKey(known.encryptionKey())).isTrue();
        assertThat(once.remove(leaf(40)).containsEncryptionKey(known.encryptionKey()))
                .isFalse();
        // The earlier trees have not moved.
        assertThat(tree.duplicateSignatureKey()).isEmpty();
        assertThat(twice.duplicateSignatureKey()).isPresent();
    }

    @Test
    void threadsThatAskAtTheSameTimeGetTheSame() throws Exception {
        RatchetTree base = withPath(treeOf(300), 7);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 50; round++) {
                RatchetTree tree = TreeFixture.tree(Bytes.wrap(base.encoded()), crypto);
                RatchetTree changed = tree.remove(leaf(round)).add(newLeaf()).tree();
                CyclicBarrier start = new CyclicBarrier(4);
                List<Future<List<Object>>> answers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    answers.add(threads.submit(() -> {
                        start.await();
                        return List.of(
                                tree.treeHash(),
                                changed.treeHash(),
                                changed.duplicateEncryptionKey(),
                                tree.leafWithSignatureKey(
                                        base.leaf(leaf(99)).orElseThrow().signatureKey()),
                                changed.support());
                    }));
                }
                List<Object> first = answers.get(0).get();
                assertThat(first.get(0)).isEqualTo(base.treeHash());
                for (Future<List<Object>> answer : answers) {
                    assertThat(answer.get()).isEqualTo(first);
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    // ---- encoding

    @Test
    @Tag("R-12.4.3.3-02")
    @Tag("R-12.4.3.3-04")
    void endsInTheLastMember() throws DecodeException {
        RatchetTree tree = treeOf(5);
        Bytes encoding = Bytes.wrap(tree.encoded());
        assertThat(encoding.at(encoding.length() - 1)).isEqualTo((byte) 0);
        RatchetTree decoded = TreeFixture.tree(encoding, crypto);
        assertThat(decoded.size()).isEqualTo(8);
        assertThat(decoded).isEqualTo(tree).hasSameHashCodeAs(tree);
        assertThat(decoded).isNotEqualTo(tree.remove(leaf(2)));
    }

    private Bytes encode(Object... nodes) {
        TlsWriter out = new TlsWriter();
        int mark = out.open();
        for (Object node : nodes) {
            if (node instanceof LeafNode leaf) {
                out.uint8(1).uint8(1).struct(leaf);
            } else if (node instanceof ParentNode parent) {
                out.uint8(1).uint8(2).struct(parent);
            } else {
                out.uint8((int) node);
            }
        }
        return out.close(mark).toBytes();
    }

    private ParentNode newParent(long... unmerged) {
        return new ParentNode(source.encryptionKey(), Bytes.EMPTY, leaves(unmerged));
    }

    private void assertRefused(Rule rule, Bytes encoding) {
        assertDecodeRule(rule, () -> TreeFixture.tree(encoding, crypto));
    }

    @Test
    @Tag("R-12.4.3.3-03")
    void rejectsATreeThatEndsInABlank() throws DecodeException {
        TreeFixture.tree(encode(newLeaf(), 0, newLeaf()), crypto);
        assertRefused(Rule.TREE_ENDS_IN_BLANK, encode(newLeaf(), 0, newLeaf(), 0));
        assertRefused(Rule.TREE_ENDS_IN_BLANK, encode(newLeaf(), 0, 0));
        assertRefused(Rule.TREE_ENDS_IN_BLANK, encode(0));
    }

    @Test
    @Tag("R-12.4.3.3-05")
    void rejectsNodesOfTheWrongTypeForTheirPlace() throws DecodeException {
        assertRefused(Rule.TREE_NODE_TYPE, encode(newLeaf(), newLeaf(), newLeaf()));
        assertRefused(Rule.TREE_NODE_TYPE, encode(newParent()));
        assertRefused(Rule.TREE_NODE_TYPE, encode(newLeaf(), newParent(), newParent()));
        // Nothing at all, and a parent at the end.
        assertRefused(Rule.TREE_NODE_TYPE, encode());
        assertRefused(Rule.TREE_NODE_TYPE, encode(newLeaf(), newParent()));
        TreeFixture.tree(encode(newLeaf(), newParent(), newLeaf()), crypto);
    }

    @Test
    void rejectsMalformedNodes() {
        assertRefused(Rule.PRESENCE_OCTET, encode(newLeaf(), 2));
        assertRefused(
                Rule.UNKNOWN_DISCRIMINATOR,
                new TlsWriter().length(2).uint8(1).uint8(3).toBytes());
        assertRefused(Rule.TRUNCATED, new TlsWriter().length(1).uint8(1).toBytes());
        Bytes good = encode(newLeaf());
        assertRefused(Rule.TRAILING_BYTES, new TlsWriter().raw(good).uint8(0).toBytes());
        assertRefused(Rule.LENGTH_BEYOND_INPUT, good.slice(0, good.length() - 1));
    }

    @Test
    @Tag("R-7.1-03")
    void rejectsUnmergedLeavesOutOfOrder() {
        ParentNode parent = newParent(1, 2);
        byte[] bytes = encode(newLeaf(), parent, newLeaf()).toByteArray();
        String before = Bytes.wrap(parent.encoded()).toHex();
        for (String wrong : List.of("0000000200000001", "0000000100000001")) {
            String after = before.substring(0, before.length() - 16) + wrong;
            Bytes changed = Bytes.fromHex(Bytes.wrap(bytes).toHex().replace(before, after));
            assertRefused(Rule.UNMERGED_LEAVES_ORDER, changed);
        }
    }

    @Test
    @Tag("R-2.1.2-08")
    @Tag("R-2.1.2-09")
    void rejectsMoreNodesThanTheLimit() throws DecodeException {
        // A leaf whose own lists are short.
        LeafNode leaf = TreeFixture.Client.create("client", crypto).leaf();
        Bytes encoding = encode(leaf, 0, leaf, 0, leaf);
        RatchetTree.decode(new TlsReader(encoding, new DecodeLimits(1 << 20, 5)), crypto);
        assertDecodeRule(
                Rule.SIZE_LIMIT,
                () -> RatchetTree.decode(new TlsReader(encoding, new DecodeLimits(1 << 20, 4)), crypto));
    }

    // ---- storage

    @Test
    void aChangeOfOneLeafIsWrittenAsItsPathAlone() {
        RatchetTree tree = withPath(treeOf(1000), 17);
        RatchetTree changed = withPath(tree, 500);
        TreeDiff diff = changed.diff(tree);
        TreeSet<NodeIndex> path = new TreeSet<>(tree.directPath(node(1000)));
        path.add(node(1000));
        assertThat(diff.occupied().keySet()).isEqualTo(path);
        assertThat(diff.blanked()).isEmpty();
        assertThat(tree.diff(tree).isEmpty()).isTrue();
        RatchetTree updated = tree.update(leaf(17), newLeaf());
        assertThat(updated.diff(tree).blanked()).hasSize(10);
        assertThat(updated.diff(tree).occupied()).containsOnlyKeys(node(34));
    }

    @Test
    void aDifferenceHasToFitTheTree() {
        RatchetTree tree = treeOf(5);
        assertCallersMistake(() -> tree.apply(new TreeDiff(4, new TreeMap<>(), new TreeSet<>())));
        assertCallersMistake(() -> tree.apply(new TreeDiff(6, new TreeMap<>(), new TreeSet<>())));
        TreeMap<NodeIndex, TreeNode> outside = new TreeMap<>();
        outside.put(node(16), new TreeNode.Leaf(newLeaf()));
        assertCallersMistake(() -> tree.apply(new TreeDiff(8, outside, new TreeSet<>())));
        assertCallersMistake(() -> RatchetTree.fromNodes(8, outside, crypto));
        TreeMap<NodeIndex, TreeNode> justOutside = new TreeMap<>();
        justOutside.put(node(15), new TreeNode.Parent(new ParentNode(source.encryptionKey(), Bytes.EMPTY, List.of())));
        assertCallersMistake(() -> RatchetTree.fromNodes(8, justOutside, crypto));
        TreeMap<NodeIndex, TreeNode> wrongType = new TreeMap<>();
        wrongType.put(node(3), new TreeNode.Leaf(newLeaf()));
        assertCallersMistake(() -> RatchetTree.fromNodes(8, wrongType, crypto));
    }
}
