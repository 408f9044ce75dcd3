package org.coppice.mls.crypto;

import java.util.Objects;
import org.coppice.mls.error.CryptoException;

/**
 * A key encapsulation mechanism on raw keys (RFC 9180 §4): {@link DhKem} over a curve, or one that an application brings.
 * Thread safe. Inputs are only read, and not kept.
 */
public interface Kem {
    /** HPKE's number of this KEM. */
    int id();

    /** Length of a public key in bytes. */
    int publicKeyLength();

    /** A new key pair. */
    RawKeyPair generate(Randomness randomness);

    /** The key pair that follows from {@code ikm} (RFC 9180 §7.1.3). */
    RawKeyPair deriveKeyPair(byte[] ikm);

    /**
     * The public key of a private key.
     *
     * @throws CryptoException if the private key has the wrong length or is out of range
     */
    byte[] publicKey(byte[] privateKey) throws CryptoException;

    /**
     * A new shared secret and what lets the holder of {@code publicKey}'s private key compute it.
     *
     * @throws CryptoException if the public key must not be used
     */
    Encapsulation encapsulate(byte[] publicKey, Randomness randomness) throws CryptoException;

    /**
     * The shared secret of {@code encapsulated}.
     *
     * @param ownPublicKey the public key of {@code privateKey}
     * @throws CryptoException if a key or the encapsulation is invalid
     */
    byte[] decapsulate(byte[] privateKey, byte[] ownPublicKey, byte[] encapsulated) throws CryptoException;

    /**
     * Checks that a public key may be used (RFC 9180 §7.1.4).
     *
     * @throws CryptoException if not
     */
    void checkPublicKey(byte[] publicKey) throws CryptoException;

    /**
     * The two results of encapsulation.
     *
     * @param sharedSecret the secret, to be wiped by whoever receives it
     * @param encapsulated what is sent
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for the length of one call; never compared
    record Encapsulation(byte[] sharedSecret, byte[] encapsulated) {
        /** Checks that nothing is missing. */
        public Encapsulation {
            Objects.requireNonNull(sharedSecret, "sharedSecret");
            Objects.requireNonNull(encapsulated, "encapsulated");
        }

        @Override
        public String toString() {
            return "Encapsulation[" + encapsulated.length + " bytes]";
        }
    }
}
