package org.coppice.mls.crypto.jca;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.coppice.mls.crypto.RawKeyPair;

/**
 * Between raw keys and a JCA provider's key objects, for one curve. Thread safe. Lengths and ranges are checked before; arrays
 * are only read, and not kept but in the keys.
 */
public interface JcaKeys {
    /** A new key pair from the provider's own secure generator. */
    RawKeyPair generate() throws GeneralSecurityException;

    /** The public key of a private key. */
    byte[] publicKey(byte[] privateKey) throws GeneralSecurityException;

    /** A private key as the provider wants it. */
    PrivateKey importPrivate(byte[] privateKey) throws GeneralSecurityException;

    /**
     * A public key as the provider wants it.
     *
     * @throws GeneralSecurityException if it is not a point of the curve; for EdDSA that may also show in verification only
     */
    PublicKey importPublic(byte[] publicKey) throws GeneralSecurityException;

    /** Frees and as far as possible wipes a key of {@link #importPrivate}. Most providers can do nothing here. */
    default void discard(PrivateKey key) {}
}
