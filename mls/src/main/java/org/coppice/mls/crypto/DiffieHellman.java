package org.coppice.mls.crypto;

import org.coppice.mls.error.CryptoException;

/** Diffie-Hellman on raw keys of one curve (RFC 9180 §7.1). Thread safe. Inputs are only read, and not kept. */
public interface DiffieHellman {
    /** Which curve it is. */
    NamedCurve curve();

    /** A new key pair from the provider's own secure generator. */
    RawKeyPair generate();

    /**
     * The public key of a private key.
     *
     * @throws CryptoException if the private key has the wrong length or is out of range
     */
    byte[] publicKey(byte[] privateKey) throws CryptoException;

    /**
     * The shared secret: the u or x coordinate, in {@link NamedCurve#sharedLength()} bytes.
     *
     * @param ownPublicKey the public key of {@code privateKey}, so that nobody has to compute it again
     * @throws CryptoException if the peer's key has the wrong length, is not on the curve, or gives the all-zero result
     *     (RFC 9180 §7.1.4), or the private key is invalid
     */
    byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException;

    /**
     * Checks that a public key may be used ({@link NamedCurve#checkPublicKey}).
     *
     * @throws CryptoException if not
     */
    default void checkPublicKey(byte[] publicKey) throws CryptoException {
        curve().checkPublicKey(publicKey);
    }

    /**
     * Adds the checks in which all members of a group must agree, whatever their providers: lengths, encodings and ranges of
     * keys before {@code raw} sees them, and the all-zero result after. Applied by {@link CryptoProviders} and by
     * {@link CryptoProvider#suite} to whatever a provider brings; adding them twice changes nothing.
     */
    static DiffieHellman checked(DiffieHellman raw) {
        return raw instanceof CheckedDiffieHellman ? raw : new CheckedDiffieHellman(raw);
    }
}
