package org.coppice.testkit.crypto;

import java.util.Objects;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.error.CryptoException;

/** Another AEAD; every call comes through the two methods with offsets. */
public abstract class ForwardingAead implements Aead {
    private final Aead aead;

    /** In front of {@code aead}. */
    protected ForwardingAead(Aead aead) {
        this.aead = Objects.requireNonNull(aead, "aead");
    }

    @Override
    public AeadAlgorithm algorithm() {
        return aead.algorithm();
    }

    @Override
    public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length) {
        return aead.seal(key, nonce, aad, plaintext, offset, length);
    }

    @Override
    public byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, int offset, int length)
            throws CryptoException {
        return aead.open(key, nonce, aad, ciphertext, offset, length);
    }
}
