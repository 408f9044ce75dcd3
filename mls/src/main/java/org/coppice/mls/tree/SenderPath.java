package org.coppice.mls.tree;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;

/**
 * The way from a committer's leaf to the root in the tree of the epoch to come, with the subtrees beside it. Levels count from
 * the leaves up; the ancestor at level l has the copath child at level l - 1.
 */
final class SenderPath {
    private final TreeRoot tree;
    private final long leaf;
    private final Subtree[] copath;

    private SenderPath(TreeRoot tree, long leaf, Subtree[] copath) {
        this.tree = tree;
        this.leaf = leaf;
        this.copath = copath;
    }

    /** The path of a leaf; a tree that the leaf lies beyond is extended (§12.4.3.2: an external joiner may need that). */
    static SenderPath of(TreeRoot tree, long leaf) {
        TreeRoot extended = tree.extended(TreeMath.commonLevel(0, leaf));
        Subtree at = extended.node();
        Subtree[] copath = new Subtree[extended.depth()];
        for (int level = extended.depth(); level > 0; level--) {
            Subtree.Branch parts = (Subtree.Branch) at;
            boolean right = Subtree.isRight(leaf, level);
            at = right ? parts.right() : parts.left();
            copath[level - 1] = right ? parts.left() : parts.right();
        }
        return new SenderPath(extended, leaf, copath);
    }

    /** The tree, extended. */
    TreeRoot tree() {
        return tree;
    }

    long leaf() {
        return leaf;
    }

    /** The levels of the filtered direct path, from below (RFC 9420 §4.1.2). */
    int[] filtered() {
        int[] out = new int[tree.depth()];
        int count = 0;
        for (int level = 1; level <= tree.depth(); level++) {
            // A resolution is empty if and only if nothing below is occupied.
            if (!(copath[level - 1] instanceof Subtree.Blank)) {
                out[count++] = level;
            }
        }
        return Arrays.copyOf(out, count);
    }

    /** The ancestor at a level. */
    NodeIndex node(int level) {
        return new NodeIndex(TreeMath.node(level, leaf));
    }

    /** The child of the ancestor at a level that the leaf is not below. */
    Subtree copathChild(int level) {
        return copath[level - 1];
    }

    /** The first leaf of {@link #copathChild}. */
    long copathFirst(int level) {
        return (leaf >> level - 1 ^ 1) << level - 1;
    }

    /** What the nodes of a new path hold, and the parent hash for the leaf below them. */
    @SuppressWarnings("ArrayRecordComponent") // lives for the length of one call; never compared
    record Filled(byte[][] contents, Bytes leafParentHash) {}

    /**
     * Computes the parent hashes of a new path from the root down (RFC 9420 §7.9). No leaf is unmerged there, so the hash of each
     * copath child is its tree hash.
     *
     * @param keys the new public keys of the filtered direct path, from below
     */
    Filled fill(HpkePublicKey[] keys, SuiteCrypto crypto) {
        TreeHasher hasher = new TreeHasher(crypto);
        int[] levels = filtered();
        byte[][] contents = new byte[tree.depth() + 1][];
        Bytes parentHash = Bytes.EMPTY;
        for (int i = levels.length - 1; i >= 0; i--) {
            int level = levels[i];
            contents[level] = ParentContent.encode(keys[i], parentHash);
            Bytes sibling = hasher.hash(copathChild(level), level - 1, copathFirst(level));
            parentHash = ParentHash.of(keys[i].data(), parentHash, sibling, crypto);
        }
        return new Filled(contents, parentHash);
    }
}
