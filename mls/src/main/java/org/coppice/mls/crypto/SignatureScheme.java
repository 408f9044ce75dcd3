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
     * @throws CryptoException if a key has the wrong length, the private key is out of range, or they do not belong together
     */
    SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException;

    /**
     * Prepares a public key for verification. To find out that a well-formed EdDSA key is no point costs as much as a
     * verification; such a key loads, and verifies nothing. {@link #checkPublicKey} tells.
     *
     * @throws CryptoException if it has the wrong length or encoding, or for ECDSA is not a point of the curve
     */
    VerifyingKey loadPublic(byte[] publicKey) throws CryptoException;

    /**
     * Checks a public key whole, also that it is a point of the curve.
     *
     * @throws CryptoException if it must not be used
     */
    default void checkPublicKey(byte[] publicKey) throws CryptoException {
        loadPublic(publicKey);
    }

    /**
     * Adds the checks in which all members of a group must agree, whatever their providers, before {@code raw} sees a key or a
     * signature. Applied by {@link CryptoProviders} and by {@link CryptoProvider#suite} to whatever a provider brings; adding
     * them twice changes nothing.
     *
     * <p>The rule: a signature is valid if its equation holds exactly (for EdDSA without a cofactor) and
     *
     * <ul>
     *   <li>EdDSA: it has the exact length, S is below the group's order, R and the public key are canonical encodings (y below
     *       the prime) and not of small order;
     *   <li>ECDSA: it is the one DER encoding of r and s, both from 1 to the group's order less 1; s may be in either half; the
     *       public key is an uncompressed point of the curve.
     * </ul>
     */
    static SignatureScheme checked(SignatureScheme raw) {
        return raw instanceof CheckedSignatures ? raw : new CheckedSignatures(raw);
    }

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
