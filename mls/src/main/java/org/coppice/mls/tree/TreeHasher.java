package org.coppice.mls.tree;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;

/**
 * Tree hashes (RFC 9420 §7.8), and those of a tree in which some leaves count as never added (§7.9). Not thread
 * safe.
 *
 * <p>A hash that a node keeps is taken from there, so a changed tree costs the hashes of the changed nodes.
 */
final class TreeHasher {
    private static final long[] NONE = {};

    private final SuiteCrypto crypto;
    /** What is hashed, one node after the other. */
    private final TlsWriter input = new TlsWriter(512);

    TreeHasher(SuiteCrypto crypto) {
        this.crypto = crypto;
    }

    /** The tree hash of a subtree whose first leaf is {@code first}. */
    Bytes hash(Subtree tree, int level, long first) {
        if (level == 0) {
            return leafHash(tree, first);
        }
        Bytes known = known(tree);
        if (known != null) {
            return known;
        }
        Subtree.Branch parts = (Subtree.Branch) tree;
        Bytes out = parentHash(
                parts.content(),
                hash(parts.left(), level - 1, first),
                hash(parts.right(), level - 1, first + (1L << level - 1)));
        keep(tree, out);
        return out;
    }

    /** The same from the hashes of the children, which the caller has at hand. */
    Bytes hash(Subtree tree, Bytes left, Bytes right) {
        Bytes known = known(tree);
        if (known != null) {
            return known;
        }
        Bytes out = parentHash(((Subtree.Branch) tree).content(), left, right);
        keep(tree, out);
        return out;
    }

    /**
     * The tree hash of a subtree after blanking some leaves and taking them out of all lists of unmerged leaves: the
     * {@code original_sibling_tree_hash} of §7.9 if the leaves are those unmerged at the parent. Costs O(log n) hashes for each
     * such leaf below.
     *
     * @param without leaf indices in increasing order, inside the subtree or not
     */
    Bytes hashWithout(Subtree tree, int level, long first, long[] without) {
        int from = lowerBound(without, first);
        int to = lowerBound(without, first + (1L << level));
        return hashWithout(tree, level, first, without, from, to);
    }

    private Bytes hashWithout(Subtree tree, int level, long first, long[] without, int from, int to) {
        // §7.9: a hash may be used again if none of the leaves is below.
        if (from == to) {
            return hash(tree, level, first);
        }
        if (level == 0) {
            return leafHash(Subtree.blank(0), first);
        }
        Subtree.Branch parts = (Subtree.Branch) tree;
        long middle = first + (1L << level - 1);
        int split = lowerBound(without, middle);
        byte[] content = parts.content();
        if (content != null && ParentContent.hasUnmerged(content)) {
            content = ParentContent.withUnmerged(content, minus(ParentContent.unmerged(content), without));
        }
        return parentHash(
                content,
                hashWithout(parts.left(), level - 1, first, without, from, split),
                hashWithout(parts.right(), level - 1, middle, without, split, to));
    }

    Bytes leafHash(Subtree leaf, long index) {
        // struct { NodeType node_type = 1; uint32 leaf_index; optional<LeafNode> leaf_node; }
        if (leaf instanceof LeafNode present) {
            Bytes encoding = present.encoding();
            return crypto.hash(input.clear().uint8(1).uint32(index).uint8(1).raw(encoding));
        }
        return crypto.hash(input.clear().uint8(1).uint32(index).uint8(0));
    }

    private Bytes parentHash(byte[] content, Bytes left, Bytes right) {
        // struct { NodeType node_type = 2; optional<ParentNode> parent_node; opaque left_hash<V>; opaque right_hash<V>;
        // }
        TlsWriter out = input.clear().uint8(2);
        if (content == null) {
            out.uint8(0);
        } else {
            out.uint8(1).raw(content);
        }
        return crypto.hash(out.vector(left).vector(right));
    }

    private static Bytes known(Subtree tree) {
        if (tree instanceof Subtree.Hub hub) {
            return hub.hash();
        }
        return tree instanceof Subtree.Blank blank ? blank.hash() : null;
    }

    private static void keep(Subtree tree, Bytes hash) {
        if (tree instanceof Subtree.Hub hub) {
            hub.hash(hash);
        } else if (tree instanceof Subtree.Blank blank) {
            blank.hash(hash);
        }
    }

    /** The first position whose value is not below {@code bound}. */
    static int lowerBound(long[] sorted, long bound) {
        int at = Arrays.binarySearch(sorted, bound);
        return at < 0 ? -at - 1 : at;
    }

    /** What is in one increasing list and not in the other. */
    static long[] minus(long[] all, long[] without) {
        long[] out = new long[all.length];
        int count = 0;
        for (long value : all) {
            if (Arrays.binarySearch(without, value) < 0) {
                out[count++] = value;
            }
        }
        return count == 0 ? NONE : Arrays.copyOf(out, count);
    }
}
