package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;

/**
 * The private keys that one member holds in one epoch: of its leaf, and of nodes above it (RFC 9420 §4.2, §7.5).
 *
 * <p>It owns them and wipes them with {@link #close()}; no two objects share a key. Key pairs that a method hands out stay this
 * object's unless it says otherwise. Safe for use by several threads as long as none closes it.
 */
public final class TreePrivateKeys implements AutoCloseable {
    private final LeafIndex leafIndex;
    private final HpkeKeyPair leafKey;
    private final TreeMap<NodeIndex, HpkeKeyPair> pathKeys;

    private TreePrivateKeys(LeafIndex leafIndex, HpkeKeyPair leafKey, TreeMap<NodeIndex, HpkeKeyPair> pathKeys) {
        this.leafIndex = Objects.requireNonNull(leafIndex, "leafIndex");
        this.leafKey = Objects.requireNonNull(leafKey, "leafKey");
        this.pathKeys = pathKeys;
    }

    /** The keys of a member that knows its leaf's alone. Takes over {@code leafKey}. */
    public static TreePrivateKeys of(LeafIndex leafIndex, HpkeKeyPair leafKey) {
        return new TreePrivateKeys(leafIndex, leafKey, new TreeMap<>());
    }

    /**
     * The keys as they were stored. Takes over all key pairs, but not the map.
     *
     * @throws IllegalArgumentException if a node is not above the leaf; the key pairs then stay the caller's
     */
    public static TreePrivateKeys restore(
            LeafIndex leafIndex, HpkeKeyPair leafKey, Map<NodeIndex, HpkeKeyPair> pathKeys) {
        for (NodeIndex node : pathKeys.keySet()) {
            if (node.isLeaf() || !TreeMath.covers(node, leafIndex)) {
                throw new IllegalArgumentException("node " + node + " is not above leaf " + leafIndex);
            }
        }
        return new TreePrivateKeys(leafIndex, leafKey, new TreeMap<>(pathKeys));
    }

    /**
     * The keys of a member that joins by a Welcome (RFC 9420 §12.4.3.1): its leaf's, and from the path secret those at the lowest
     * common ancestor with the signer and at each occupied node above it.
     *
     * @param tree the tree of the new epoch, validated
     * @param own the joiner's leaf
     * @param leafKey its key pair; taken over if the call returns, and the caller's still if it throws
     * @param signer the signer of the GroupInfo, who made the Commit
     * @param pathSecret the path secret in the Welcome, or null if there is none; stays the caller's
     * @throws ValidationException with {@link Rule#PATH_SECRET_MISMATCH} if a derived key is not the one in the tree, if the
     *     common ancestor is blank, or if the signer's leaf is the joiner's or outside the tree
     * @throws IllegalArgumentException if {@code own} is blank or does not hold the public key of {@code leafKey}
     */
    public static TreePrivateKeys fromWelcome(
            RatchetTree tree,
            LeafIndex own,
            HpkeKeyPair leafKey,
            LeafIndex signer,
            Secret pathSecret,
            SuiteCrypto crypto)
            throws ValidationException {
        if (!holds(tree, own.toNodeIndex(), leafKey)) {
            throw new IllegalArgumentException("leaf " + own + " does not hold this key");
        }
        TreePrivateKeys out = of(own, leafKey);
        if (pathSecret == null) {
            return out;
        }
        try {
            out.derive(tree, signer, pathSecret, crypto);
            return out;
        } catch (ValidationException e) {
            wipe(out.pathKeys);
            throw e;
        }
    }

    private void derive(RatchetTree tree, LeafIndex signer, Secret pathSecret, SuiteCrypto crypto)
            throws ValidationException {
        if (signer.equals(leafIndex) || tree.leaf(signer).isEmpty()) {
            throw new ValidationException(Rule.PATH_SECRET_MISMATCH, "signer " + signer);
        }
        NodeIndex ancestor = TreeMath.commonAncestor(leafIndex, signer);
        if (tree.encryptionKey(ancestor).isEmpty()) {
            throw new ValidationException(Rule.PATH_SECRET_MISMATCH, "node " + ancestor + " is blank");
        }
        Secret secret = pathSecret.copy();
        try {
            for (NodeIndex node : tree.filteredDirectPath(signer)) {
                // §12.4.3.1: a blank ancestor gets no key, and takes no step either.
                if (TreeMath.level(node) < TreeMath.level(ancestor)
                        || tree.encryptionKey(node).isEmpty()) {
                    continue;
                }
                HpkeKeyPair pair = PathSecrets.keyPair(secret, crypto);
                pathKeys.put(node, pair);
                if (!holds(tree, node, pair)) {
                    throw new ValidationException(Rule.PATH_SECRET_MISMATCH, "node " + node);
                }
                Secret next = PathSecrets.next(secret, crypto);
                secret.close();
                secret = next;
            }
        } finally {
            secret.close();
        }
    }

    /** The member's leaf. */
    public LeafIndex leafIndex() {
        return leafIndex;
    }

    /** The key pair of the member's leaf. */
    public HpkeKeyPair leafKey() {
        return leafKey;
    }

    /** The key pair of a node, the member's leaf included, if the member holds it. */
    public Optional<HpkeKeyPair> key(NodeIndex node) {
        return Optional.ofNullable(node.equals(leafIndex.toNodeIndex()) ? leafKey : pathKeys.get(node));
    }

    /** The nodes above the leaf whose keys the member holds, by increasing index. */
    public List<NodeIndex> pathNodes() {
        return List.copyOf(pathKeys.keySet());
    }

    /** Hands the key pairs of the nodes above the leaf to {@code out}, by increasing node index: for storage. */
    public void forEachPathKey(BiConsumer<NodeIndex, HpkeKeyPair> out) {
        pathKeys.forEach(out);
    }

    /** The same keys once more, with an owner of their own. */
    public TreePrivateKeys copy() {
        return withLeafKey(leafKey.copy());
    }

    /** Copies of the keys above the leaf, with another key pair at the leaf, which is taken over: for a committed Update. */
    public TreePrivateKeys withLeafKey(HpkeKeyPair newLeafKey) {
        TreeMap<NodeIndex, HpkeKeyPair> copies = new TreeMap<>();
        pathKeys.forEach((node, pair) -> copies.put(node, pair.copy()));
        return new TreePrivateKeys(leafIndex, newLeafKey, copies);
    }

    /**
     * Copies of the keys that are still of use in another tree: those of nodes that hold the same public key there. The leaf's is
     * kept in any case; {@link #withLeafKey} replaces it.
     */
    public TreePrivateKeys retain(RatchetTree tree) {
        TreeMap<NodeIndex, HpkeKeyPair> copies = new TreeMap<>();
        pathKeys.forEach((node, pair) -> {
            if (holds(tree, node, pair)) {
                copies.put(node, pair.copy());
            }
        });
        return new TreePrivateKeys(leafIndex, leafKey.copy(), copies);
    }

    /** Whether a node of the tree holds the public key of a pair. */
    static boolean holds(RatchetTree tree, NodeIndex node, HpkeKeyPair pair) {
        Optional<HpkePublicKey> key = tree.encryptionKey(node);
        return key.isPresent() && key.get().equals(pair.publicKey());
    }

    /** Takes over a key pair for a node above the leaf, in place of the one that was there. */
    void put(NodeIndex node, HpkeKeyPair pair) {
        HpkeKeyPair old = pathKeys.put(node, pair);
        if (old != null) {
            old.close();
        }
    }

    private static void wipe(Map<NodeIndex, HpkeKeyPair> pairs) {
        List<HpkeKeyPair> all = new ArrayList<>(pairs.values());
        pairs.clear();
        all.forEach(HpkeKeyPair::close);
    }

    /** Wipes all private keys. Closing twice does nothing. */
    @Override
    public void close() {
        leafKey.close();
        wipe(pathKeys);
    }

    /** The leaf and the nodes, never a key. */
    @Override
    public String toString() {
        return "TreePrivateKeys[leaf " + leafIndex + ", nodes " + pathKeys.keySet() + "]";
    }
}
