package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;

/**
 * One version of a tree: its topmost node, and how far above the leaves that is.
 *
 * @param node the root
 * @param depth its level: there are 2^depth leaves
 */
record TreeRoot(Subtree node, int depth) {
    /** A tree of one blank leaf. */
    static final TreeRoot BLANK = new TreeRoot(Subtree.blank(0), 0);

    /** Whether this is the very same version. */
    boolean isSame(TreeRoot other) {
        return node == other.node && depth == other.depth;
    }

    long size() {
        return 1L << depth;
    }

    boolean contains(NodeIndex index) {
        return index.value() < TreeMath.nodeCount(size());
    }

    /** Throws {@link IllegalArgumentException} if the node is outside the tree. */
    Subtree at(NodeIndex index) {
        if (!contains(index)) {
            throw new IllegalArgumentException("node " + index + " is outside a tree of " + size() + " leaves");
        }
        return at(index.value());
    }

    /** The same for an index that is known to be inside. */
    Subtree at(long index) {
        return Subtree.find(node, depth, TreeMath.level(index), TreeMath.firstLeaf(index));
    }

    /** The leaf at an index, if it is occupied and inside. */
    Optional<LeafNode> leaf(LeafIndex index) {
        return index.value() < size() && at(2 * index.value()) instanceof LeafNode leaf
                ? Optional.of(leaf)
                : Optional.empty();
    }

    /** The encoding of a parent node, if it is occupied and inside. */
    Optional<byte[]> parent(NodeIndex index) {
        return !index.isLeaf() && contains(index) && at(index.value()) instanceof Subtree.Inner inner
                ? Optional.ofNullable(inner.content())
                : Optional.empty();
    }

    /** The encryption key of a node, if it is occupied and inside. */
    Optional<Bytes> encryptionKey(NodeIndex index) {
        return index.isLeaf()
                ? leaf(index.toLeafIndex()).map(leaf -> leaf.encryptionKey().data())
                : parent(index).map(ParentContent::encryptionKey);
    }

    List<NodeIndex> resolution(NodeIndex index) {
        List<NodeIndex> out = new ArrayList<>();
        int level = TreeMath.level(index);
        Resolution.visit(at(index), level, TreeMath.firstLeaf(index.value()), x -> out.add(new NodeIndex(x)));
        return List.copyOf(out);
    }

    /** With blank leaves on the right (§7.7), if it is not that high already. */
    TreeRoot extended(int newDepth) {
        Subtree out = node;
        for (int level = depth + 1; level <= newDepth; level++) {
            out = Subtree.branch(level, out, Subtree.blank(level - 1), null);
        }
        return new TreeRoot(out, Math.max(depth, newDepth));
    }

    /** Without right halves that hold nothing (§7.7). */
    TreeRoot truncated() {
        Subtree out = node;
        int level = depth;
        while (level > 0 && ((Subtree.Branch) out).right() instanceof Subtree.Blank) {
            out = ((Subtree.Branch) out).left();
            level--;
        }
        return new TreeRoot(out, level);
    }

    /** The leftmost blank leaf, or the number of leaves if none is. */
    long firstBlank() {
        if (Subtree.members(node) == size()) {
            return size();
        }
        Subtree at = node;
        long first = 0;
        for (int level = depth; level > 0; level--) {
            Subtree.Branch parts = (Subtree.Branch) at;
            long half = 1L << level - 1;
            if (Subtree.members(parts.left()) < half) {
                at = parts.left();
            } else {
                at = parts.right();
                first += half;
            }
        }
        return first;
    }
}
