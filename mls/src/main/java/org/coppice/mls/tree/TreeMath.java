package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The arithmetic of node indices in a perfect binary tree (RFC 9420 §4.1, appendix C). A tree has 2^d leaves, from 1 to 2^32.
 *
 * <p>A subtree of level k (0 for a leaf) whose first leaf is f has its root at node index 2f + 2^k - 1.
 */
public final class TreeMath {
    /** The most leaves that uint32 leaf indices can tell apart. */
    static final long MAX_LEAVES = 1L << 32;

    private TreeMath() {}

    /**
     * How many nodes a tree has.
     *
     * @param leaves how many leaves it has
     * @throws IllegalArgumentException if that is no power of two from 1 to 2^32
     */
    public static long nodeCount(long leaves) {
        return 2 * checkLeaves(leaves) - 1;
    }

    /**
     * The root.
     *
     * @param leaves how many leaves the tree has
     * @throws IllegalArgumentException if that is no power of two from 1 to 2^32
     */
    public static NodeIndex root(long leaves) {
        return new NodeIndex(checkLeaves(leaves) - 1);
    }

    /** How far above the leaves a node is; 0 for a leaf. */
    public static int level(NodeIndex node) {
        return level(node.value());
    }

    /** The left child; none for a leaf. */
    public static Optional<NodeIndex> left(NodeIndex node) {
        return node.isLeaf() ? Optional.empty() : Optional.of(new NodeIndex(node.value() ^ 1L << level(node) - 1));
    }

    /** The right child; none for a leaf. */
    public static Optional<NodeIndex> right(NodeIndex node) {
        return node.isLeaf() ? Optional.empty() : Optional.of(new NodeIndex(node.value() ^ 3L << level(node) - 1));
    }

    /**
     * The parent; none for the root.
     *
     * @throws IllegalArgumentException if the node is not in a tree of so many leaves
     */
    public static Optional<NodeIndex> parent(NodeIndex node, long leaves) {
        checkInside(node, leaves);
        return node.value() == leaves - 1 ? Optional.empty() : Optional.of(new NodeIndex(parent(node.value())));
    }

    /**
     * The other child of the parent; none for the root.
     *
     * @throws IllegalArgumentException if the node is not in a tree of so many leaves
     */
    public static Optional<NodeIndex> sibling(NodeIndex node, long leaves) {
        checkInside(node, leaves);
        return node.value() == leaves - 1 ? Optional.empty() : Optional.of(new NodeIndex(sibling(node.value())));
    }

    /**
     * The ancestors from the parent up to and including the root (RFC 9420 §4.1.2).
     *
     * @throws IllegalArgumentException if the node is not in a tree of so many leaves
     */
    public static List<NodeIndex> directPath(NodeIndex node, long leaves) {
        checkInside(node, leaves);
        List<NodeIndex> out = new ArrayList<>();
        for (long x = node.value(); x != leaves - 1; ) {
            x = parent(x);
            out.add(new NodeIndex(x));
        }
        return List.copyOf(out);
    }

    /**
     * The siblings of the node and of its ancestors but the root, from below (RFC 9420 §4.1.2).
     *
     * @throws IllegalArgumentException if the node is not in a tree of so many leaves
     */
    public static List<NodeIndex> copath(NodeIndex node, long leaves) {
        checkInside(node, leaves);
        List<NodeIndex> out = new ArrayList<>();
        for (long x = node.value(); x != leaves - 1; x = parent(x)) {
            out.add(new NodeIndex(sibling(x)));
        }
        return List.copyOf(out);
    }

    /** The lowest node that both leaves are below, or the leaf itself if they are the same. */
    public static NodeIndex commonAncestor(LeafIndex a, LeafIndex b) {
        return new NodeIndex(node(commonLevel(a.value(), b.value()), a.value()));
    }

    /** Whether the leaf is the node itself or below it. */
    public static boolean covers(NodeIndex node, LeafIndex leaf) {
        int level = level(node);
        return node(level, leaf.value()) == node.value();
    }

    static int level(long node) {
        return Long.numberOfTrailingZeros(~node);
    }

    static long parent(long node) {
        int k = level(node);
        return (node | 1L << k) & ~(1L << k + 1);
    }

    static long sibling(long node) {
        return node ^ 2L << level(node);
    }

    /** The node of a level that a leaf is below. */
    static long node(int level, long leaf) {
        return (leaf >> level << level + 1) + (1L << level) - 1;
    }

    /** The first leaf below a node. */
    static long firstLeaf(long node) {
        return node + 1 - (1L << level(node)) >> 1;
    }

    /** The level of the lowest common ancestor of two leaves. */
    static int commonLevel(long a, long b) {
        return Long.SIZE - Long.numberOfLeadingZeros(a ^ b);
    }

    private static long checkLeaves(long leaves) {
        if (leaves < 1 || leaves > MAX_LEAVES || Long.bitCount(leaves) != 1) {
            throw new IllegalArgumentException("a tree has 2^d leaves, at most 2^32, not " + leaves);
        }
        return leaves;
    }

    private static void checkInside(NodeIndex node, long leaves) {
        if (node.value() >= nodeCount(leaves)) {
            throw new IllegalArgumentException("node " + node + " is outside a tree of " + leaves + " leaves");
        }
    }
}
