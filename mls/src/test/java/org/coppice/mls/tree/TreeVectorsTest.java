package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.tree.TreeFixture.bytes;
import static org.coppice.mls.tree.TreeFixture.leaf;
import static org.coppice.mls.tree.TreeFixture.node;
import static org.coppice.mls.tree.TreeFixture.reader;
import static org.coppice.mls.tree.TreeFixture.tree;
import static org.coppice.mls.tree.TreeFixture.vectors;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The official vectors of tree arithmetic, of changes of trees, and of whole trees. */
class TreeVectorsTest {
    @TestFactory
    @Tag("R-4.1-01")
    List<DynamicTest> treeMath() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("tree-math")) {
            tests.add(dynamicTest(vector.get("n_leaves") + " leaves", () -> checkMath(vector)));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static void checkMath(JsonNode vector) {
        long leaves = vector.get("n_leaves").longValue();
        long nodes = vector.get("n_nodes").longValue();
        assertThat(TreeMath.nodeCount(leaves)).isEqualTo(nodes);
        assertThat(TreeMath.root(leaves)).isEqualTo(node(vector.get("root").longValue()));
        for (int i = 0; i < nodes; i++) {
            assertThat(TreeMath.left(node(i)))
                    .isEqualTo(optional(vector.get("left").get(i)));
            assertThat(TreeMath.right(node(i)))
                    .isEqualTo(optional(vector.get("right").get(i)));
            assertThat(TreeMath.parent(node(i), leaves))
                    .isEqualTo(optional(vector.get("parent").get(i)));
            assertThat(TreeMath.sibling(node(i), leaves))
                    .isEqualTo(optional(vector.get("sibling").get(i)));
        }
    }

    private static Optional<NodeIndex> optional(JsonNode index) {
        return index.isNull() ? Optional.empty() : Optional.of(node(index.longValue()));
    }

    @TestFactory
    @Tag("R-7.7-01")
    @Tag("R-7.7-02")
    @Tag("R-7.8-03")
    List<DynamicTest> treeOperations() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("tree-operations")) {
            tests.add(dynamicTest("operation " + tests.size(), () -> checkOperation(vector)));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static void checkOperation(JsonNode vector) throws MlsException {
        SuiteCrypto crypto = TreeFixture.crypto(vector);
        RatchetTree before = tree(bytes(vector.get("tree_before")), crypto);
        assertThat(before.treeHash()).isEqualTo(bytes(vector.get("tree_hash_before")));
        RatchetTree after = apply(
                bytes(vector.get("proposal")),
                leaf(vector.get("proposal_sender").longValue()),
                before);
        assertThat(Bytes.wrap(after.encoded())).isEqualTo(bytes(vector.get("tree_after")));
        assertThat(after.treeHash()).isEqualTo(bytes(vector.get("tree_hash_after")));
        assertThat(after).isEqualTo(tree(bytes(vector.get("tree_after")), crypto));
    }

    /** Proposals are structures of a package above this one: only the leaf or index in them is read here. */
    private static RatchetTree apply(Bytes proposal, LeafIndex sender, RatchetTree tree) throws MlsException {
        TlsReader in = reader(proposal);
        int type = in.uint16();
        switch (type) {
            case 1 -> {
                // KeyPackage: version, cipher_suite, init_key, leaf_node, ..
                in.raw(4);
                in.vector();
                return tree.add(LeafNode.decode(in)).tree();
            }
            case 2 -> {
                return tree.update(sender, LeafNode.decode(in));
            }
            case 3 -> {
                return tree.remove(LeafIndex.decode(in));
            }
            default -> throw new AssertionError("proposal type " + type);
        }
    }

    @TestFactory
    @Tag("R-7.1-01")
    @Tag("R-7.2-01")
    @Tag("R-7.2-02")
    @Tag("R-7.2-15")
    @Tag("R-7.8-01")
    @Tag("R-7.8-02")
    @Tag("R-7.8-03")
    @Tag("R-7.9-01")
    @Tag("R-7.9-02")
    @Tag("R-7.9-03")
    List<DynamicTest> treeValidation() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("tree-validation")) {
            tests.add(dynamicTest(
                    "suite " + vector.get("cipher_suite") + ", "
                            + vector.get("tree_hashes").size() + " nodes",
                    () -> checkValidation(vector)));
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static void checkValidation(JsonNode vector) throws MlsException {
        SuiteCrypto crypto = TreeFixture.crypto(vector);
        Bytes encoding = bytes(vector.get("tree"));
        RatchetTree tree = tree(encoding, crypto);
        assertThat(Bytes.wrap(tree.encoded())).isEqualTo(encoding);
        JsonNode hashes = vector.get("tree_hashes");
        assertThat(TreeMath.nodeCount(tree.size())).isEqualTo(hashes.size());
        for (int i = 0; i < hashes.size(); i++) {
            assertThat(tree.treeHash(node(i))).isEqualTo(bytes(hashes.get(i)));
            List<NodeIndex> resolution = new ArrayList<>();
            vector.get("resolutions").get(i).forEach(index -> resolution.add(node(index.longValue())));
            assertThat(tree.resolution(node(i))).isEqualTo(resolution);
        }
        TreeValidator.validate(tree);
        Bytes groupId = bytes(vector.get("group_id"));
        tree.forEachLeaf(
                (index, leaf) -> assertThat(leaf.verifySignature(new LeafNode.Position(groupId, index), crypto))
                        .isTrue());
    }
}
