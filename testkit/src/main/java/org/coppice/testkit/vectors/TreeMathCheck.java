package org.coppice.testkit.vectors;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.TreeMath;

/** Arithmetic of node indices (RFC 9420 appendix C). */
final class TreeMathCheck {
    private TreeMathCheck() {}

    static void verify(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch {
        long leaves = vector.number("n_leaves");
        long nodes = TreeMath.nodeCount(leaves);
        Expect.equal("n_nodes", vector.number("n_nodes"), nodes);
        Expect.equal("root", vector.number("root"), TreeMath.root(leaves).value());
        List<Optional<Long>> left = table(vector, "left", nodes);
        List<Optional<Long>> right = table(vector, "right", nodes);
        List<Optional<Long>> parent = table(vector, "parent", nodes);
        List<Optional<Long>> sibling = table(vector, "sibling", nodes);
        for (int i = 0; i < nodes; i++) {
            NodeIndex node = new NodeIndex(i);
            equal("left", i, left.get(i), TreeMath.left(node));
            equal("right", i, right.get(i), TreeMath.right(node));
            equal("parent", i, parent.get(i), TreeMath.parent(node, leaves));
            equal("sibling", i, sibling.get(i), TreeMath.sibling(node, leaves));
        }
    }

    private static List<Optional<Long>> table(Fields vector, String name, long nodes) throws VectorMismatch {
        List<Optional<Long>> table = vector.numberList(name);
        Expect.equal("entries of " + name, nodes, (long) table.size());
        return table;
    }

    private static void equal(String name, int node, Optional<Long> expected, Optional<NodeIndex> actual)
            throws VectorMismatch {
        Expect.equal(name + "[" + node + "]", expected, actual.map(NodeIndex::value));
    }
}
