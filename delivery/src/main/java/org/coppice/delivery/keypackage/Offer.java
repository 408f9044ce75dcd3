package org.coppice.delivery.keypackage;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;

/**
 * A key package with what the tables hold of it.
 *
 * @param keyPackage the key package
 * @param encoded the message that holds it
 * @param ref its reference
 * @param initKeyHash a hash of its suite and init key
 * @param profile a hash of what members of a group must look at: capabilities and credential type
 * @param notBefore when it begins to be valid, in milliseconds since 1970-01-01T00:00:00Z
 * @param notAfter when it ends to be, likewise
 * @param lastResort whether it may be given out more than once
 */
record Offer(
        KeyPackage keyPackage,
        Bytes encoded,
        Bytes ref,
        Bytes initKeyHash,
        Bytes profile,
        long notBefore,
        long notAfter,
        boolean lastResort) {
    static Offer of(MlsMessage message, KeyPackage keyPackage, SuiteCrypto crypto, boolean lastResort) {
        LeafNode leaf = keyPackage.leafNode();
        Lifetime lifetime =
                leaf.source() instanceof LeafNodeSource.KeyPackage source ? source.lifetime() : new Lifetime(0, 0);
        return new Offer(
                keyPackage,
                Bytes.wrap(message.encoded()),
                keyPackage.ref(crypto),
                crypto.hash(new TlsWriter().struct(keyPackage.cipherSuite()).struct(keyPackage.initKey())),
                crypto.hash(new TlsWriter().struct(leaf.capabilities()).struct(leaf.credentialType())),
                millis(lifetime.notBefore()),
                millis(lifetime.notAfter()),
                lastResort);
    }

    /** Seconds, unsigned, as milliseconds that a column can hold: what is further off than that is for ever. */
    private static long millis(long seconds) {
        return seconds < 0 || seconds > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : seconds * 1000;
    }
}
