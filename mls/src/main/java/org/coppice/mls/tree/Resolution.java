package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;

/** The nodes whose keys together reach all members below a node (RFC 9420 §4.1.1). */
final class Resolution {
    private Resolution() {}

    /** Hands the node indices of a resolution to {@code out}, in the order of the RFC. */
    static void visit(Subtree tree, int level, long first, LongConsumer out) {
        if (tree instanceof LeafNode) {
            out.accept(2 * first);
            return;
        }
        if (!(tree instanceof Subtree.Inner inner)) {
            return;
        }
        byte[] content = inner.content();
        if (content == null) {
            visit(inner.left(), level - 1, first, out);
            visit(inner.right(), level - 1, first + (1L << level - 1), out);
            return;
        }
        out.accept(TreeMath.node(level, first));
        for (long leaf : ParentContent.unmerged(content)) {
            out.accept(2 * leaf);
        }
    }

    /** A resolution without the leaves that a Commit adds: the nodes that a path secret is encrypted to (§7.5). */
    static List<NodeIndex> targets(Subtree tree, int level, long first, long[] added) {
        List<NodeIndex> out = new ArrayList<>();
        visit(tree, level, first, node -> {
            if (!isAdded(node, added)) {
                out.add(new NodeIndex(node));
            }
        });
        return out;
    }

    /** How many {@link #targets} there are. */
    static int targetCount(Subtree tree, int level, long first, long[] added) {
        int[] count = new int[1];
        visit(tree, level, first, node -> {
            if (!isAdded(node, added)) {
                count[0]++;
            }
        });
        return count[0];
    }

    /** Leaf indices as the increasing array that {@link #targets} takes. */
    static long[] sorted(Collection<LeafIndex> leaves) {
        return leaves.stream().mapToLong(LeafIndex::value).sorted().toArray();
    }

    private static boolean isAdded(long node, long[] added) {
        return (node & 1) == 0 && Arrays.binarySearch(added, node / 2) >= 0;
    }
}
