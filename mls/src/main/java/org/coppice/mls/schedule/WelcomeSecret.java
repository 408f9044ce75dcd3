package org.coppice.mls.schedule;

import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;

/** What welcome_secret is for: the key and nonce of the GroupInfo in a Welcome (RFC 9420 §12.4.3.1). Its owner closes it. */
public final class WelcomeSecret implements AutoCloseable {
    private final SuiteCrypto crypto;
    private final Secret key;
    private final Secret nonce;

    private WelcomeSecret(SuiteCrypto crypto, Secret key, Secret nonce) {
        this.crypto = crypto;
        this.key = key;
        this.nonce = nonce;
    }

    static WelcomeSecret derive(Secret welcome, SuiteCrypto crypto) {
        return new WelcomeSecret(
                crypto,
                crypto.expandWithLabel(
                        welcome, "key", Bytes.EMPTY, crypto.parts().aead().keyLength()),
                crypto.expandWithLabel(
                        welcome, "nonce", Bytes.EMPTY, crypto.parts().aead().nonceLength()));
    }

    /** welcome_key, Nk bytes; it stays this object's. */
    public Secret key() {
        return key;
    }

    /** welcome_nonce, Nn bytes; it stays this object's. */
    public Secret nonce() {
        return nonce;
    }

    /** encrypted_group_info of an encoded GroupInfo. One GroupInfo only may be encrypted with it. */
    public Bytes seal(byte[] groupInfo) {
        byte[] bytes = nonce.exposeCopy();
        try {
            return crypto.seal(key, bytes, Bytes.EMPTY, groupInfo, groupInfo.length);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The encoded GroupInfo of encrypted_group_info, in a new array.
     *
     * @throws CryptoException if it is not authentic
     */
    public byte[] open(Bytes encryptedGroupInfo) throws CryptoException {
        byte[] bytes = nonce.exposeCopy();
        try {
            return crypto.open(key, bytes, Bytes.EMPTY, encryptedGroupInfo);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public void close() {
        key.close();
        nonce.close();
    }

    /** Lengths, never contents. */
    @Override
    public String toString() {
        return "WelcomeSecret[" + key + "]";
    }
}
