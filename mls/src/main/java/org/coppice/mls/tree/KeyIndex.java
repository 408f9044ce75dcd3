package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;

/**
 * Which node holds a key, for one version of a tree: encryption keys of all nodes and signature keys of the leaves. Immutable.
 *
 * <p>Made in full once, then carried from version to version by the nodes that differ.
 */
final class KeyIndex {
    private final TreeRoot tree;
    private final SuiteCrypto crypto;
    private final KeyTrie encryption;
    private final KeyTrie signature;

    private KeyIndex(TreeRoot tree, SuiteCrypto crypto, KeyTrie encryption, KeyTrie signature) {
        this.tree = tree;
        this.crypto = crypto;
        this.encryption = encryption;
        this.signature = signature;
    }

    static KeyIndex of(TreeRoot tree, SuiteCrypto crypto) {
        Entries encryption = new Entries(new EncryptionKeys(tree, crypto));
        Entries signature = new Entries(new SignatureKeys(tree, crypto));
        Differences.find(TreeRoot.BLANK, tree, (node, before, after) -> {
            encryption.add(node, after);
            signature.add(node, after);
        });
        return new KeyIndex(tree, crypto, encryption.toTrie(), signature.toTrie());
    }

    /** Whether this is the index of exactly this version. */
    boolean isOf(TreeRoot other) {
        return tree.isSame(other);
    }

    /** The index of another version of the tree, in time proportional to what differs. */
    KeyIndex advance(TreeRoot newTree) {
        List<Change> changes = new ArrayList<>();
        Differences.find(tree, newTree, (node, before, after) -> {
            changes.add(new Change(node, before, after));
        });
        return new KeyIndex(
                newTree,
                crypto,
                advance(encryption, changes, encryptionKeys(), new EncryptionKeys(newTree, crypto)),
                advance(signature, changes, signatureKeys(), new SignatureKeys(newTree, crypto)));
    }

    private static KeyTrie advance(KeyTrie trie, List<Change> changes, TreeKeys before, TreeKeys after) {
        KeyTrie out = trie;
        // All removals first: until then every entry is still in the old version, afterwards in the new one.
        for (Change change : changes) {
            Bytes old = before.of(change.before);
            if (old != null && !old.equals(after.of(change.after))) {
                out = out.without(old, change.node, before);
            }
        }
        for (Change change : changes) {
            Bytes key = after.of(change.after);
            if (key != null && !key.equals(before.of(change.before))) {
                out = out.with(key, change.node, after);
            }
        }
        return out;
    }

    /** The lowest node that holds an encryption key, or -1. */
    long findEncryption(Bytes key, boolean leavesOnly) {
        return encryption.find(key, leavesOnly, encryptionKeys());
    }

    /** The node of the first leaf that holds a signature key, or -1. */
    long findSignature(Bytes key) {
        return signature.find(key, true, signatureKeys());
    }

    boolean hasEncryptionDuplicates() {
        return encryption.excess() > 0;
    }

    boolean hasSignatureDuplicates() {
        return signature.excess() > 0;
    }

    private TreeKeys encryptionKeys() {
        return new EncryptionKeys(tree, crypto);
    }

    private TreeKeys signatureKeys() {
        return new SignatureKeys(tree, crypto);
    }

    private record Change(long node, Object before, Object after) {}

    /** One kind of key in one version of a tree. */
    private abstract static class TreeKeys implements KeyTrie.Keys {
        private final TreeRoot tree;
        private final SuiteCrypto crypto;

        TreeKeys(TreeRoot tree, SuiteCrypto crypto) {
            this.tree = tree;
            this.crypto = crypto;
        }

        /** The key in the content of a node, or null if it has none. */
        abstract Bytes of(Object content);

        @Override
        public final Bytes key(long node) {
            Subtree at = tree.at(node);
            return of(at instanceof Subtree.Branch branch ? branch.content() : at);
        }

        @Override
        public final long hash(Bytes key) {
            Bytes digest = crypto.hash(key);
            long out = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                out = out << 8 | digest.at(i) & 0xff;
            }
            return out;
        }
    }

    private static final class EncryptionKeys extends TreeKeys {
        EncryptionKeys(TreeRoot tree, SuiteCrypto crypto) {
            super(tree, crypto);
        }

        @Override
        Bytes of(Object content) {
            if (content instanceof LeafNode leaf) {
                return leaf.encryptionKey().data();
            }
            return content == null ? null : ParentContent.encryptionKey((byte[]) content);
        }
    }

    private static final class SignatureKeys extends TreeKeys {
        SignatureKeys(TreeRoot tree, SuiteCrypto crypto) {
            super(tree, crypto);
        }

        @Override
        Bytes of(Object content) {
            return content instanceof LeafNode leaf ? leaf.signatureKey().data() : null;
        }
    }

    /** Gathers the keys of a whole tree. */
    private static final class Entries {
        private final TreeKeys keys;
        private long[] hashes = new long[16];
        private long[] nodes = new long[16];
        private int count;

        Entries(TreeKeys keys) {
            this.keys = keys;
        }

        void add(long node, Object content) {
            Bytes key = keys.of(content);
            if (key == null) {
                return;
            }
            if (count == nodes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
                nodes = Arrays.copyOf(nodes, 2 * count);
            }
            hashes[count] = keys.hash(key);
            nodes[count++] = node;
        }

        KeyTrie toTrie() {
            return KeyTrie.of(Arrays.copyOf(hashes, count), Arrays.copyOf(nodes, count), keys);
        }
    }
}
