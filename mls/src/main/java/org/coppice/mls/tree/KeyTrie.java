package org.coppice.mls.tree;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;

/**
 * A persistent multiset of the keys in a tree: a trie over the hashes of keys, whose entries name the node that holds the key.
 *
 * <p>No key is copied: an entry is one {@code long}, the low 30 bits of the key's 64-bit hash above the node index, and a key is
 * compared where the tree holds it. The trie branches by two bits of the hash, from the top. The hash is the cipher suite's, cut
 * to 64 bits, so that nobody can make many keys fall into one bucket. Immutable.
 */
final class KeyTrie {
    static final KeyTrie EMPTY = new KeyTrie(null, 0);

    private static final int BUCKET = 32;
    private static final int NODE_BITS = 34;
    private static final long NODE_MASK = (1L << NODE_BITS) - 1;
    /** Below this depth the bits that are not in the entries are used up, and buckets grow without a limit. */
    private static final int MAX_DEPTH = (Long.SIZE - 30) / 2;

    /** Null, a bucket (long[]), or four children (Object[]). */
    private final Object root;

    private final int excess;

    private KeyTrie(Object root, int excess) {
        this.root = root;
        this.excess = excess;
    }

    /** Where the keys are: one version of a tree. */
    interface Keys {
        /** The key at a node that holds one. */
        Bytes key(long node);

        /** The hash of a key. */
        long hash(Bytes key);
    }

    /** A trie of many keys at once. The arrays are changed. */
    static KeyTrie of(long[] hashes, long[] nodes, Keys keys) {
        int[] excess = new int[1];
        Object root = build(hashes, nodes, 0, keys, excess);
        return new KeyTrie(root, excess[0]);
    }

    /** How many entries could be taken out without losing a key: 0 if all keys are distinct. */
    int excess() {
        return excess;
    }

    /** The lowest node that holds the key, or -1; {@code leavesOnly} passes over parents. */
    long find(Bytes key, boolean leavesOnly, Keys keys) {
        long hash = keys.hash(key);
        long[] bucket = bucket(hash);
        long out = -1;
        for (long entry : bucket) {
            long node = entry & NODE_MASK;
            if (isFragment(entry, hash)
                    && (out < 0 || node < out)
                    && !(leavesOnly && (node & 1) == 1)
                    && keys.key(node).equals(key)) {
                out = node;
            }
        }
        return out;
    }

    /** With an entry more; {@code keys} must hold the keys of all entries, this one included. */
    KeyTrie with(Bytes key, long node, Keys keys) {
        long hash = keys.hash(key);
        boolean twice = contains(bucket(hash), key, hash, -1, keys);
        return new KeyTrie(insert(root, hash, node, 0, keys), excess + (twice ? 1 : 0));
    }

    /** Without the entry of a node; {@code keys} must hold the keys of all entries, this one included. */
    KeyTrie without(Bytes key, long node, Keys keys) {
        long hash = keys.hash(key);
        boolean twice = contains(bucket(hash), key, hash, node, keys);
        return new KeyTrie(delete(root, hash, node, 0), excess - (twice ? 1 : 0));
    }

    private long[] bucket(long hash) {
        Object at = root;
        for (int depth = 0; at instanceof Object[] children; depth++) {
            at = children[slot(hash, depth)];
        }
        return at == null ? new long[0] : (long[]) at;
    }

    private static boolean contains(long[] bucket, Bytes key, long hash, long except, Keys keys) {
        for (long entry : bucket) {
            long node = entry & NODE_MASK;
            if (isFragment(entry, hash) && node != except && keys.key(node).equals(key)) {
                return true;
            }
        }
        return false;
    }

    private static Object insert(Object at, long hash, long node, int depth, Keys keys) {
        if (at instanceof Object[] children) {
            Object[] out = children.clone();
            int slot = slot(hash, depth);
            out[slot] = insert(children[slot], hash, node, depth + 1, keys);
            return out;
        }
        long[] bucket = at == null ? new long[0] : (long[]) at;
        long[] out = Arrays.copyOf(bucket, bucket.length + 1);
        out[bucket.length] = entry(hash, node);
        if (out.length <= BUCKET || depth >= MAX_DEPTH) {
            return out;
        }
        long[] hashes = new long[out.length];
        long[] nodes = new long[out.length];
        for (int i = 0; i < out.length; i++) {
            nodes[i] = out[i] & NODE_MASK;
            hashes[i] = i == bucket.length ? hash : keys.hash(keys.key(nodes[i]));
        }
        return build(hashes, nodes, depth, keys, null);
    }

    private static Object delete(Object at, long hash, long node, int depth) {
        if (at instanceof Object[] children) {
            Object[] out = children.clone();
            int slot = slot(hash, depth);
            out[slot] = delete(children[slot], hash, node, depth + 1);
            return joined(out);
        }
        long[] bucket = at == null ? new long[0] : (long[]) at;
        long entry = entry(hash, node);
        for (int i = 0; i < bucket.length; i++) {
            if (bucket[i] == entry) {
                long[] out = new long[bucket.length - 1];
                System.arraycopy(bucket, 0, out, 0, i);
                System.arraycopy(bucket, i + 1, out, i, out.length - i);
                return out.length == 0 ? null : out;
            }
        }
        throw new AssertionError("every key of the tree has an entry");
    }

    /** The children as one bucket if they have become few, so that the trie shrinks with the tree. */
    private static Object joined(Object[] children) {
        int count = 0;
        for (Object child : children) {
            if (child instanceof Object[]) {
                return children;
            }
            count += child == null ? 0 : ((long[]) child).length;
        }
        if (count > BUCKET / 2) {
            return children;
        }
        long[] out = new long[count];
        int at = 0;
        for (Object child : children) {
            if (child != null) {
                long[] bucket = (long[]) child;
                System.arraycopy(bucket, 0, out, at, bucket.length);
                at += bucket.length;
            }
        }
        return count == 0 ? null : out;
    }

    private static Object build(long[] hashes, long[] nodes, int depth, Keys keys, int[] excess) {
        int count = nodes.length;
        if (count == 0) {
            return null;
        }
        if (count <= BUCKET || depth >= MAX_DEPTH) {
            long[] bucket = new long[count];
            for (int i = 0; i < count; i++) {
                bucket[i] = entry(hashes[i], nodes[i]);
            }
            if (excess != null) {
                excess[0] += excess(bucket, keys);
            }
            return bucket;
        }
        int[] sizes = new int[4];
        for (long hash : hashes) {
            sizes[slot(hash, depth)]++;
        }
        Object[] out = new Object[4];
        for (int slot = 0; slot < 4; slot++) {
            long[] someHashes = new long[sizes[slot]];
            long[] someNodes = new long[sizes[slot]];
            int at = 0;
            for (int i = 0; i < count; i++) {
                if (slot(hashes[i], depth) == slot) {
                    someHashes[at] = hashes[i];
                    someNodes[at++] = nodes[i];
                }
            }
            out[slot] = build(someHashes, someNodes, depth + 1, keys, excess);
        }
        return out;
    }

    /** How many entries of a bucket repeat a key of another. Linear, but for keys whose 64-bit hashes collide. */
    private static int excess(long[] bucket, Keys keys) {
        long[] sorted = bucket.clone();
        Arrays.sort(sorted);
        int excess = 0;
        for (int from = 0, to; from < sorted.length; from = to) {
            to = from + 1;
            while (to < sorted.length && sorted[to] >>> NODE_BITS == sorted[from] >>> NODE_BITS) {
                to++;
            }
            excess += repeated(sorted, from, to, keys);
        }
        return excess;
    }

    private static int repeated(long[] entries, int from, int to, Keys keys) {
        int distinct = 0;
        Bytes[] seen = new Bytes[to - from];
        for (int i = from; i < to && to - from > 1; i++) {
            Bytes key = keys.key(entries[i] & NODE_MASK);
            int at = 0;
            while (at < distinct && !seen[at].equals(key)) {
                at++;
            }
            if (at == distinct) {
                seen[distinct++] = key;
            }
        }
        return to - from - Math.max(1, distinct);
    }

    private static int slot(long hash, int depth) {
        return (int) (hash >>> Long.SIZE - 2 * (depth + 1)) & 3;
    }

    private static long entry(long hash, long node) {
        return hash << NODE_BITS | node;
    }

    private static boolean isFragment(long entry, long hash) {
        return entry >>> NODE_BITS == (hash << NODE_BITS) >>> NODE_BITS;
    }
}
