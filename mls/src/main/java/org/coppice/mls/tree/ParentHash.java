package org.coppice.mls.tree;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;

/** Parent hashes, which bind a node to the keys above it (RFC 9420 §7.9). */
final class ParentHash {
    private ParentHash() {}

    /**
     * The hash that the next node below on the filtered direct path holds.
     *
     * @param encryptionKey of the parent node
     * @param parentHash of the parent node
     * @param originalSiblingTreeHash of its child on the copath, without the leaves unmerged at the parent
     */
    static Bytes of(Bytes encryptionKey, Bytes parentHash, Bytes originalSiblingTreeHash, SuiteCrypto crypto) {
        int length = encryptionKey.length() + parentHash.length() + originalSiblingTreeHash.length() + 12;
        return crypto.hash(
                new TlsWriter(length).vector(encryptionKey).vector(parentHash).vector(originalSiblingTreeHash));
    }
}
