package org.coppice.mls.tree;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** The changes of a tree (RFC 9420 §7.7, §12.1.1 to §12.1.3): each gives a new tree that shares what did not change. */
final class TreeEdits {
    private static final long[] NONE = {};

    private TreeEdits() {}

    /** Replaces or blanks a leaf and blanks its ancestors. */
    static TreeRoot withLeaf(TreeRoot tree, long leaf, Subtree value) {
        return withPath(tree, leaf, value, new byte[tree.depth() + 1][]);
    }

    /**
     * Replaces or blanks a leaf, and gives its ancestors new content.
     *
     * @param path the content of the ancestor at each level, null where it is blank; index 0 is not used
     */
    static TreeRoot withPath(TreeRoot tree, long leaf, Subtree value, byte[][] path) {
        boolean sameSupport =
                tree.at(2 * leaf) instanceof LeafNode a && value instanceof LeafNode b && a.supportsSameAs(b);
        return new TreeRoot(
                new PathEdit(leaf, value, path, sameSupport).apply(tree.node(), tree.depth()), tree.depth());
    }

    /**
     * A change of one leaf and its ancestors.
     *
     * @param sameSupport whether what all members support is as before, so that nodes need not find it out again
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for the length of one call; never compared
    private record PathEdit(long leaf, Subtree value, byte[][] path, boolean sameSupport) {
        Subtree apply(Subtree tree, int level) {
            if (level == 0) {
                return value;
            }
            Subtree.Branch parts = (Subtree.Branch) tree;
            Subtree left = parts.left();
            Subtree right = parts.right();
            if (Subtree.isRight(leaf, level)) {
                right = apply(right, level - 1);
            } else {
                left = apply(left, level - 1);
            }
            Subtree out = Subtree.branch(level, left, right, path[level]);
            if (sameSupport && out instanceof Subtree.Hub hub && tree instanceof Subtree.Hub old) {
                hub.support(old.support());
            }
            return out;
        }
    }

    /** The leaves that a Commit adds, from left to right into the blank ones. */
    static final class Filler {
        private final Iterator<LeafNode> leaves;
        private long[] placed = NONE;
        private int count;

        Filler(Iterator<LeafNode> leaves) {
            this.leaves = leaves;
        }

        private boolean isDone() {
            return !leaves.hasNext();
        }

        /** Where the leaves went, in their order. */
        List<LeafIndex> placed() {
            return List.copyOf(ParentContent.leaves(Arrays.copyOf(placed, count)));
        }

        /** Fills the blank leaves of a tree, which is extended as often as needed. */
        TreeRoot fill(TreeRoot tree) {
            TreeRoot out = new TreeRoot(fill(tree.node(), tree.depth(), 0), tree.depth());
            while (!isDone()) {
                // §7.7: a full tree becomes the left half of one twice as large.
                out = out.extended(out.depth() + 1);
                out = new TreeRoot(fill(out.node(), out.depth(), 0), out.depth());
            }
            return out;
        }

        /** Fills the blank leaves of a subtree as far as there are leaves to place. */
        private Subtree fill(Subtree tree, int level, long first) {
            if (isDone() || Subtree.members(tree) == 1L << level) {
                return tree;
            }
            if (level == 0) {
                if (count == placed.length) {
                    placed = Arrays.copyOf(placed, Math.max(4, 2 * count));
                }
                placed[count++] = first;
                return leaves.next();
            }
            int before = count;
            Subtree.Branch parts = (Subtree.Branch) tree;
            Subtree left = fill(parts.left(), level - 1, first);
            Subtree right = fill(parts.right(), level - 1, first + (1L << level - 1));
            byte[] content = parts.content();
            if (content != null) {
                content = ParentContent.withUnmerged(content, union(ParentContent.unmerged(content), before));
            }
            return Subtree.branch(level, left, right, content);
        }

        /** An increasing list with the leaves placed since {@code from}. */
        private long[] union(long[] unmerged, int from) {
            // In a tree that nobody validated, a blank leaf may be listed already.
            long[] old = TreeHasher.minus(unmerged, Arrays.copyOfRange(placed, from, count));
            long[] out = Arrays.copyOf(old, old.length + count - from);
            System.arraycopy(placed, from, out, old.length, count - from);
            Arrays.sort(out);
            return out;
        }
    }

    /** Puts content at nodes, given by increasing node index; {@code null} blanks. Leaves are at even, parents at odd ones. */
    static TreeRoot replace(TreeRoot tree, long[] nodes, Object[] contents, int count) {
        return new TreeRoot(replace(tree.node(), tree.depth(), 0, nodes, contents, 0, count), tree.depth());
    }

    private static Subtree replace(
            Subtree tree, int level, long first, long[] nodes, Object[] contents, int from, int to) {
        if (from == to) {
            return tree;
        }
        if (level == 0) {
            return contents[from] == null ? Subtree.blank(0) : (LeafNode) contents[from];
        }
        Subtree.Branch parts = (Subtree.Branch) tree;
        long own = TreeMath.node(level, first);
        int at = Arrays.binarySearch(nodes, from, to, own);
        int leftEnd = at < 0 ? -at - 1 : at;
        int rightFrom = at < 0 ? leftEnd : at + 1;
        long middle = first + (1L << level - 1);
        return Subtree.branch(
                level,
                replace(parts.left(), level - 1, first, nodes, contents, from, leftEnd),
                replace(parts.right(), level - 1, middle, nodes, contents, rightFrom, to),
                at < 0 ? parts.content() : (byte[]) contents[at]);
    }
}
