package org.coppice.mls.tree;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;

/** Finds the node below a parent that its parent hash can tie to it (RFC 9420 §7.9.2, first and third criterion). */
final class ParentHashLink {
    private ParentHashLink() {}

    /**
     * The parent hash in the node D of the resolution of {@code child} that leaves exactly the parent's unmerged leaves below
     * {@code child} when it is taken out; empty if there is no such node, or if it has no parent hash. There is one at most: the
     * one that is not unmerged at the parent.
     *
     * @param child a child of the parent node
     * @param unmerged the parent's unmerged leaves, of which those from {@code from} to {@code to} are below {@code child}
     */
    static Bytes find(Subtree child, int level, long first, long[] unmerged, int from, int to) {
        if (child instanceof LeafNode leaf) {
            return from == to ? parentHash(leaf) : Bytes.EMPTY;
        }
        if (!(child instanceof Subtree.Inner inner)) {
            return Bytes.EMPTY;
        }
        if (inner.content() != null) {
            // The child itself is in its resolution, and no leaf: so D is the child.
            long[] own = ParentContent.unmerged(inner.content());
            boolean same = Arrays.equals(own, Arrays.copyOfRange(unmerged, from, to));
            return same ? ParentContent.parentHash(inner.content()) : Bytes.EMPTY;
        }
        long[] sole = {-1};
        int[] count = new int[2];
        Resolution.visit(child, level, first, node -> {
            if ((node & 1) == 0 && Arrays.binarySearch(unmerged, from, to, node / 2) >= 0) {
                count[0]++;
            } else {
                count[1]++;
                sole[0] = node;
            }
        });
        if (count[0] != to - from || count[1] != 1) {
            return Bytes.EMPTY;
        }
        Subtree found = Subtree.find(child, level, TreeMath.level(sole[0]), TreeMath.firstLeaf(sole[0]));
        return found instanceof LeafNode leaf
                ? parentHash(leaf)
                : ParentContent.parentHash(((Subtree.Branch) found).content());
    }

    private static Bytes parentHash(LeafNode leaf) {
        return leaf.source() instanceof LeafNodeSource.Commit commit ? commit.parentHash() : Bytes.EMPTY;
    }
}
