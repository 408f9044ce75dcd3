package org.coppice.mls.tree;

import java.util.Arrays;

/** Finds the nodes that differ between two versions of a tree, passing over the subtrees that both share. */
final class Differences {
    private Differences() {}

    /** Takes the nodes that differ, by increasing node index. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes a node whose content differs: a {@link LeafNode} or the encoding of a parent node, or null where it is blank.
         */
        void differs(long node, Object before, Object after);
    }

    /** Compares two trees; the smaller counts as extended by blank leaves. */
    static void find(TreeRoot before, TreeRoot after, Visitor out) {
        int depth = Math.max(before.depth(), after.depth());
        find(before.extended(depth).node(), after.extended(depth).node(), depth, 0, out);
    }

    private static void find(Subtree before, Subtree after, int level, long first, Visitor out) {
        if (before == after || before instanceof Subtree.Blank && after instanceof Subtree.Blank) {
            return;
        }
        if (level == 0) {
            if (!before.equals(after)) {
                out.differs(2 * first, leaf(before), leaf(after));
            }
            return;
        }
        find(left(before), left(after), level - 1, first, out);
        byte[] contentBefore = ((Subtree.Branch) before).content();
        byte[] contentAfter = ((Subtree.Branch) after).content();
        if (!Arrays.equals(contentBefore, contentAfter)) {
            out.differs(TreeMath.node(level, first), contentBefore, contentAfter);
        }
        find(right(before), right(after), level - 1, first + (1L << level - 1), out);
    }

    private static LeafNode leaf(Subtree tree) {
        return tree instanceof LeafNode leaf ? leaf : null;
    }

    /** A blank stays itself: its halves are not made only to be compared. */
    private static Subtree left(Subtree tree) {
        return tree instanceof Subtree.Inner inner ? inner.left() : tree;
    }

    private static Subtree right(Subtree tree) {
        return tree instanceof Subtree.Inner inner ? inner.right() : tree;
    }
}
