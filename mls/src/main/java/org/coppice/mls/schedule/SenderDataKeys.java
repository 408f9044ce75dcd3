package org.coppice.mls.schedule;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;

/** Key and nonce of the sender data of one PrivateMessage (RFC 9420 §6.3.2). Its owner closes it. */
public final class SenderDataKeys implements AutoCloseable {
    private final Secret key;
    private final Secret nonce;

    private SenderDataKeys(Secret key, Secret nonce) {
        this.key = key;
        this.nonce = nonce;
    }

    static SenderDataKeys derive(Secret senderData, Bytes ciphertext, SuiteCrypto crypto) {
        // §6.3.2: the sample is the first Nh bytes of the ciphertext, or all of it when it is shorter.
        Bytes sample = ciphertext.slice(0, Math.min(crypto.hashLength(), ciphertext.length()));
        return new SenderDataKeys(
                crypto.expandWithLabel(
                        senderData, "key", sample, crypto.parts().aead().keyLength()),
                crypto.expandWithLabel(
                        senderData, "nonce", sample, crypto.parts().aead().nonceLength()));
    }

    /** The key, Nk bytes; it stays this object's. */
    public Secret key() {
        return key;
    }

    /** The nonce, Nn bytes, to which no reuse guard is applied (RFC 9420 §6.3.2); it stays this object's. */
    public Secret nonce() {
        return nonce;
    }

    @Override
    public void close() {
        key.close();
        nonce.close();
    }

    /** Lengths, never contents. */
    @Override
    public String toString() {
        return "SenderDataKeys[" + key + "]";
    }
}
