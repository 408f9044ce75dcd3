package org.coppice.mls.crypto;

import org.coppice.mls.error.CryptoException;

/** A signer whose private key is in this process. */
final class LocalSigner implements Signer {
    private final SignatureKeyPair keys;
    private final SignatureScheme.SigningKey key;
    private final Randomness randomness;

    LocalSigner(SignatureKeyPair keys, SignatureScheme.SigningKey key, Randomness randomness) {
        this.keys = keys;
        this.key = key;
        this.randomness = randomness;
    }

    @Override
    public SignaturePublicKey publicKey() {
        return keys.publicKey();
    }

    @Override
    public byte[] sign(byte[] message) throws CryptoException {
        requireOpen();
        byte[] signature = key.sign(message, randomness);
        // One made while the key was wiped is of what was left of it, and might tell what that was.
        requireOpen();
        return signature;
    }

    private void requireOpen() {
        if (keys.isClosed()) {
            throw new IllegalStateException("the signature key pair was closed");
        }
    }

    @Override
    public String toString() {
        return "LocalSigner";
    }
}
