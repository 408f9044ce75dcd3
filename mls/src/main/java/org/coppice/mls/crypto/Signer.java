package org.coppice.mls.crypto;

import org.coppice.mls.error.CryptoException;

/**
 * Whoever holds a private signature key: this process ({@link SuiteCrypto#signer}), a hardware module, a key store.
 * Thread safe.
 */
public interface Signer {
    /** The public key that verifies what {@link #sign} gives. */
    SignaturePublicKey publicKey();

    /**
     * Signs {@code message} with the signature algorithm of the cipher suite. The message is complete, label included.
     *
     * @param message is only read, and not kept
     * @return the signature, in a new array, in the encoding of RFC 9420 §5.1.2
     * @throws CryptoException if the keeper of the key does not perform the operation
     */
    byte[] sign(byte[] message) throws CryptoException;
}
