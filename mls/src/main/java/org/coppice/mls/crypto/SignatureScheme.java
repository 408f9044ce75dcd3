package org.coppice.mls.crypto;

import org.coppice.mls.error.CryptoException;

/**
 * Signatures of one algorithm on raw keys. Thread safe, as are the handles it gives. Inputs are only read, and not kept, but
 * for the keys in a handle.
 */
public interface SignatureScheme {
    /** Which algorithm it is. */
    SignatureAlgorithm algorithm();

    /** A new key pair: from the provider's own generator, or from {@code randomness} where that is not the system's. */
    RawKeyPair generate(Randomness randomness);

    /**
     * The public key of a private key.
     *
     * @throws CryptoException if the private key has the wrong length or is out of range
     */
    byte[] publicKey(byte[] privateKey) throws CryptoException;

    /**
     * Prepares a private key for signing.
     *
     * @throws CryptoException if a key has the wrong length, or the private key is out of range
     */
    SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException;

    /**
     * Prepares a public key for verification.
     *
     * @throws CryptoException if it has the wrong length or encoding, or is not a point of the curve
     */
    VerifyingKey loadPublic(byte[] publicKey) throws CryptoException;

    /** A private key prepared for signing; closing drops and as far as possible wipes it. */
    interface SigningKey extends AutoCloseable {
        /**
         * Signs {@code message}.
         *
         * @param randomness where ECDSA may draw its nonce from; a provider may use its own generator or a nonce derived from
         *     key and message instead
         */
        byte[] sign(byte[] message, Randomness randomness) throws CryptoException;

        @Override
        void close();
    }

    /** A public key prepared for verification. */
    interface VerifyingKey {
        /** Whether {@code signature} is one of {@code message}; a malformed signature is simply none. */
        boolean verify(byte[] message, byte[] signature);
    }
}
