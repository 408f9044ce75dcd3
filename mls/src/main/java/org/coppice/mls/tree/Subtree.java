package org.coppice.mls.tree;

import java.util.function.BiConsumer;
import org.coppice.mls.codec.Bytes;

/**
 * A node of the persistent tree with all below it. Where it stands is known to who walks there, so that equal nodes are shared
 * by all versions of a tree that hold them.
 *
 * <p>At level 0 stands a {@link LeafNode} or a {@link Blank}, above a {@link Branch}. Leaves are their own tree nodes, and
 * small branches keep nothing but their children and content: in a large group three quarters of the memory beside the leaves
 * is saved so. From {@link #CACHED_LEVEL} up, nodes keep what is expensive to derive.
 */
sealed interface Subtree permits LeafNode, Subtree.Branch {
    /** The lowest level whose nodes keep their tree hash: below it at most 2^4 leaves are hashed again. */
    int CACHED_LEVEL = 4;

    /** A subtree of this level with nothing in it. */
    static Blank blank(int level) {
        return level < CACHED_LEVEL ? Blank.SMALL : new Blank(level, null, null);
    }

    /**
     * A subtree of these parts.
     *
     * @param level from 1 on
     * @param content the encoding of the parent node, or null if it is blank
     */
    static Branch branch(int level, Subtree left, Subtree right, byte[] content) {
        if (content == null && left instanceof Blank l && right instanceof Blank r) {
            return level < CACHED_LEVEL ? Blank.SMALL : new Blank(level, l, r);
        }
        return level < CACHED_LEVEL ? new Inner(left, right, content) : new Hub(left, right, content);
    }

    /** How many leaves are occupied. */
    static int members(Subtree tree) {
        if (tree instanceof Hub hub) {
            return hub.members;
        }
        if (tree instanceof Inner inner) {
            return members(inner.left) + members(inner.right);
        }
        return tree instanceof LeafNode ? 1 : 0;
    }

    /** Hands the occupied leaves of a subtree whose first leaf is {@code first} to {@code out}, from left to right. */
    static void visitLeaves(Subtree tree, int level, long first, BiConsumer<LeafIndex, LeafNode> out) {
        if (tree instanceof LeafNode leaf) {
            out.accept(new LeafIndex(first), leaf);
        } else if (tree instanceof Inner inner) {
            visitLeaves(inner.left, level - 1, first, out);
            visitLeaves(inner.right, level - 1, first + (1L << level - 1), out);
        }
    }

    /** The node at a level on the way to a leaf. */
    static Subtree find(Subtree root, int depth, int level, long leaf) {
        Subtree at = root;
        for (int l = depth; l > level; l--) {
            Branch branch = (Branch) at;
            at = isRight(leaf, l) ? branch.right() : branch.left();
        }
        return at;
    }

    /** Whether a leaf is below the right child of its ancestor at this level. */
    static boolean isRight(long leaf, int level) {
        return (leaf >> level - 1 & 1) == 1;
    }

    /** A subtree above the leaves, or an empty one. */
    abstract sealed class Branch implements Subtree permits Inner, Blank {
        abstract Subtree left();

        abstract Subtree right();

        /** The encoding of the parent node, or null if it is blank. */
        abstract byte[] content();
    }

    /** A subtree with something in it. */
    sealed class Inner extends Branch permits Hub {
        private final Subtree left;
        private final Subtree right;
        private final byte[] content;

        private Inner(Subtree left, Subtree right, byte[] content) {
            this.left = left;
            this.right = right;
            this.content = content;
        }

        @Override
        final Subtree left() {
            return left;
        }

        @Override
        final Subtree right() {
            return right;
        }

        @Override
        final byte[] content() {
            return content;
        }
    }

    /**
     * An inner node that keeps what was derived from it. The two fields are set without synchronization: two threads may both
     * compute a value, which is the same and immutable.
     */
    final class Hub extends Inner {
        private final int members;
        private Bytes hash;
        private MemberSupport support;

        private Hub(Subtree left, Subtree right, byte[] content) {
            super(left, right, content);
            this.members = Math.addExact(members(left), members(right));
        }

        Bytes hash() {
            return hash;
        }

        void hash(Bytes value) {
            hash = value;
        }

        MemberSupport support() {
            return support;
        }

        void support(MemberSupport value) {
            support = value;
        }
    }

    /**
     * A subtree with nothing in it, a blank leaf as well. Its hash depends on where it stands; large ones keep it, and their
     * halves, so that a leaf put into a large blank space costs no new hash of the rest.
     */
    final class Blank extends Branch {
        static final Blank SMALL = new Blank(0, null, null);

        private final int level;
        private Blank left;
        private Blank right;
        private Bytes hash;

        private Blank(int level, Blank left, Blank right) {
            this.level = level;
            this.left = left;
            this.right = right;
        }

        @Override
        Blank left() {
            if (level <= CACHED_LEVEL) {
                return SMALL;
            }
            Blank known = left;
            if (known == null) {
                known = new Blank(level - 1, null, null);
                left = known;
            }
            return known;
        }

        @Override
        Blank right() {
            if (level <= CACHED_LEVEL) {
                return SMALL;
            }
            Blank known = right;
            if (known == null) {
                known = new Blank(level - 1, null, null);
                right = known;
            }
            return known;
        }

        @Override
        byte[] content() {
            return null;
        }

        Bytes hash() {
            return hash;
        }

        void hash(Bytes value) {
            if (this != SMALL) {
                hash = value;
            }
        }
    }
}
