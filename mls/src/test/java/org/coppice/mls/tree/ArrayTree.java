package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;

/**
 * The ratchet tree as the text of RFC 9420 has it: an array of nodes, everything computed from scratch, nothing kept. It shares
 * no code with the tree under test but the structures of single nodes.
 */
final class ArrayTree {
    final SuiteCrypto crypto;
    /** LeafNode at even, ParentNode at odd positions, null for blank. */
    Object[] nodes;

    ArrayTree(LeafNode creator, SuiteCrypto crypto) {
        this.crypto = crypto;
        this.nodes = new Object[] {creator};
    }

    private ArrayTree(Object[] nodes, SuiteCrypto crypto) {
        this.crypto = crypto;
        this.nodes = nodes;
    }

    ArrayTree copy() {
        return new ArrayTree(nodes.clone(), crypto);
    }

    int size() {
        return (nodes.length + 1) / 2;
    }

    // ---- appendix C

    static int level(int x) {
        int k = 0;
        while ((x >> k & 1) == 1) {
            k++;
        }
        return k;
    }

    static int left(int x) {
        return x - (1 << level(x) - 1);
    }

    static int right(int x) {
        return x + (1 << level(x) - 1);
    }

    int root() {
        return size() - 1;
    }

    /** From the parent to the root, found by walking down from the root. */
    List<Integer> directPath(int x) {
        List<Integer> out = new ArrayList<>();
        for (int at = root(); at != x; at = x < at ? left(at) : right(at)) {
            out.add(0, at);
        }
        return out;
    }

    boolean isBelow(int x, int ancestor) {
        return directPath(x).contains(ancestor);
    }

    int copathChild(int leafNode, int ancestor) {
        return leafNode < ancestor ? right(ancestor) : left(ancestor);
    }

    // ---- §4.1

    List<Integer> resolution(int x) {
        List<Integer> out = new ArrayList<>();
        if (nodes[x] instanceof ParentNode parent) {
            out.add(x);
            parent.unmergedLeaves().forEach(leaf -> out.add(2 * (int) leaf.value()));
        } else if (nodes[x] != null) {
            out.add(x);
        } else if (x % 2 == 1) {
            out.addAll(resolution(left(x)));
            out.addAll(resolution(right(x)));
        }
        return out;
    }

    List<Integer> filteredDirectPath(int leaf) {
        return directPath(2 * leaf).stream()
                .filter(x -> !resolution(copathChild(2 * leaf, x)).isEmpty())
                .toList();
    }

    // ---- §7.7, §12.1

    void update(int leaf, LeafNode value) {
        nodes[2 * leaf] = value;
        directPath(2 * leaf).forEach(x -> nodes[x] = null);
    }

    void remove(int leaf) {
        update(leaf, null);
        while (nodes.length > 1 && isBlank(root() + 1, nodes.length)) {
            nodes = Arrays.copyOf(nodes, (nodes.length - 1) / 2);
        }
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (nodes[i] != null) {
                return false;
            }
        }
        return true;
    }

    int nextFreeLeaf() {
        for (int i = 0; i < nodes.length; i += 2) {
            if (nodes[i] == null) {
                return i / 2;
            }
        }
        return size();
    }

    void extendTo(int leaf) {
        while (leaf >= size()) {
            nodes = Arrays.copyOf(nodes, 2 * nodes.length + 1);
        }
    }

    int add(LeafNode value) {
        int leaf = nextFreeLeaf();
        extendTo(leaf);
        nodes[2 * leaf] = value;
        for (int x : directPath(2 * leaf)) {
            if (nodes[x] instanceof ParentNode parent) {
                Set<LeafIndex> unmerged = new TreeSet<>(parent.unmergedLeaves());
                unmerged.add(new LeafIndex(leaf));
                nodes[x] = new ParentNode(parent.encryptionKey(), parent.parentHash(), List.copyOf(unmerged));
            }
        }
        return leaf;
    }

    /** §7.5: blanks the path, fills the filtered one; gives the parent hash for the leaf, which the caller then puts there. */
    Bytes fillPath(int leaf, List<HpkePublicKey> keys) {
        extendTo(leaf);
        directPath(2 * leaf).forEach(x -> nodes[x] = null);
        List<Integer> path = filteredDirectPath(leaf);
        Bytes parentHash = Bytes.EMPTY;
        for (int i = path.size() - 1; i >= 0; i--) {
            int x = path.get(i);
            nodes[x] = new ParentNode(keys.get(i), parentHash, List.of());
            parentHash = parentHash(x, copathChild(2 * leaf, x));
        }
        return parentHash;
    }

    // ---- §7.8, §7.9

    Bytes treeHash(int x) {
        return treeHash(x, Set.of());
    }

    private Bytes treeHash(int x, Set<LeafIndex> without) {
        TlsWriter out = new TlsWriter();
        if (x % 2 == 0) {
            LeafIndex index = new LeafIndex(x / 2);
            Optional<LeafNode> leaf =
                    without.contains(index) ? Optional.empty() : Optional.ofNullable((LeafNode) nodes[x]);
            return crypto.hash(out.uint8(1).struct(index).optional(leaf));
        }
        Optional<ParentNode> parent = Optional.ofNullable((ParentNode) nodes[x])
                .map(p -> new ParentNode(
                        p.encryptionKey(),
                        p.parentHash(),
                        p.unmergedLeaves().stream()
                                .filter(leaf -> !without.contains(leaf))
                                .toList()));
        return crypto.hash(
                out.uint8(2).optional(parent).vector(treeHash(left(x), without)).vector(treeHash(right(x), without)));
    }

    Bytes parentHash(int x, int sibling) {
        ParentNode parent = (ParentNode) nodes[x];
        return crypto.hash(new TlsWriter()
                .struct(parent.encryptionKey())
                .vector(parent.parentHash())
                .vector(treeHash(sibling, new HashSet<>(parent.unmergedLeaves()))));
    }

    /** §7.9.2, word by word: how many nodes have a parent hash that is valid with respect to this parent. */
    int validLinks(int parent) {
        int count = 0;
        for (int d = 0; d < nodes.length; d++) {
            if (nodes[d] != null && d != parent && isBelow(d, parent) && isValidLink(d, parent)) {
                count++;
            }
        }
        return count;
    }

    private boolean isValidLink(int d, int parent) {
        int child = d < parent ? left(parent) : right(parent);
        int sibling = d < parent ? right(parent) : left(parent);
        Bytes held = Bytes.EMPTY;
        if (nodes[d] instanceof ParentNode node) {
            held = node.parentHash();
        } else if (nodes[d] instanceof LeafNode leaf && leaf.source() instanceof LeafNodeSource.Commit commit) {
            held = commit.parentHash();
        }
        if (!held.equals(parentHash(parent, sibling)) || !resolution(child).contains(d)) {
            return false;
        }
        Set<Integer> unmerged = new HashSet<>();
        for (LeafIndex leaf : ((ParentNode) nodes[parent]).unmergedLeaves()) {
            int x = 2 * (int) leaf.value();
            if (x == child || isBelow(x, child)) {
                unmerged.add(x);
            }
        }
        Set<Integer> rest = new HashSet<>(resolution(child));
        rest.remove(d);
        return rest.equals(unmerged);
    }

    // ---- §12.4.3.3

    Bytes encoded() {
        int end = nodes.length;
        while (end > 0 && nodes[end - 1] == null) {
            end--;
        }
        TlsWriter out = new TlsWriter();
        int mark = out.open();
        for (int i = 0; i < end; i++) {
            if (nodes[i] == null) {
                out.uint8(0);
            } else if (nodes[i] instanceof LeafNode leaf) {
                out.uint8(1).uint8(1).struct(leaf);
            } else {
                out.uint8(1).uint8(2).struct((ParentNode) nodes[i]);
            }
        }
        return out.close(mark).toBytes();
    }
}
