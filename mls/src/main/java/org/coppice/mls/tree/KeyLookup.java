package org.coppice.mls.tree;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;

/**
 * Who holds a key in one version of a tree. The index behind it is made when first asked for, out of that of an earlier version
 * if there is one. Thread safe: two threads may both make it, with the same result.
 */
final class KeyLookup {
    private final TreeRoot tree;
    private final SuiteCrypto crypto;
    /** The index of this version, or of an earlier one, or null if nobody asked any. */
    private KeyIndex index;

    private KeyLookup(TreeRoot tree, SuiteCrypto crypto, KeyIndex index) {
        this.tree = tree;
        this.crypto = crypto;
        this.index = index;
    }

    static KeyLookup of(TreeRoot tree, SuiteCrypto crypto) {
        return new KeyLookup(tree, crypto, null);
    }

    /** For another version of the tree. */
    KeyLookup with(TreeRoot newTree) {
        return new KeyLookup(newTree, crypto, index);
    }

    boolean containsEncryption(Bytes key) {
        return index().findEncryption(key, false) >= 0;
    }

    Optional<LeafIndex> leafWithEncryption(Bytes key) {
        return leafAt(index().findEncryption(key, true));
    }

    Optional<LeafIndex> leafWithSignature(Bytes key) {
        return leafAt(index().findSignature(key));
    }

    /** A leaf whose signature key an earlier one has as well. */
    Optional<LeafIndex> duplicateSignature() {
        return index().hasSignatureDuplicates() ? Duplicates.signatureKey(tree) : Optional.empty();
    }

    /** A node whose encryption key another one holds as well, a leaf if there is one such. */
    Optional<NodeIndex> duplicateEncryption() {
        return index().hasEncryptionDuplicates() ? Duplicates.encryptionKey(tree) : Optional.empty();
    }

    private static Optional<LeafIndex> leafAt(long node) {
        return node < 0 ? Optional.empty() : Optional.of(new LeafIndex(node / 2));
    }

    private KeyIndex index() {
        KeyIndex known = index;
        if (known == null || !known.isOf(tree)) {
            known = known == null ? KeyIndex.of(tree, crypto) : known.advance(tree);
            index = known;
        }
        return known;
    }
}
