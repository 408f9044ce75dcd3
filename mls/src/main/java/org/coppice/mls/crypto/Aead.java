package org.coppice.mls.crypto;

import org.coppice.mls.error.CryptoException;

/**
 * Authenticated encryption; the tag follows the ciphertext. Thread safe. Inputs are only read, and not kept.
 *
 * <p>The same key and nonce may be used again for a replayed computation: implementations do not refuse it.
 */
public interface Aead {
    /** Which one it is. */
    AeadAlgorithm algorithm();

    /**
     * Encrypts a range.
     *
     * @return the ciphertext with its tag, in a new array
     */
    byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length);

    /**
     * Decrypts a range that ends with a tag.
     *
     * @return the plaintext, in a new array
     * @throws CryptoException if it is not authentic, or shorter than a tag
     */
    byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, int offset, int length) throws CryptoException;

    /** Encrypts a whole array. */
    default byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        return seal(key, nonce, aad, plaintext, 0, plaintext.length);
    }

    /**
     * Decrypts a whole array.
     *
     * @throws CryptoException if it is not authentic, or shorter than a tag
     */
    default byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext) throws CryptoException {
        return open(key, nonce, aad, ciphertext, 0, ciphertext.length);
    }

    /** Key length in bytes, Nk. */
    default int keyLength() {
        return algorithm().keyLength();
    }

    /** Nonce length in bytes, Nn. */
    default int nonceLength() {
        return algorithm().nonceLength();
    }

    /** Tag length in bytes. */
    default int tagLength() {
        return algorithm().tagLength();
    }
}
