package org.coppice.mls.crypto;

import org.coppice.mls.error.CryptoException;

/** Another KEM, for tests that watch some of its calls. */
public abstract class ForwardingKem implements Kem {
    private final Kem kem;

    protected ForwardingKem(Kem kem) {
        this.kem = kem;
    }

    @Override
    public int id() {
        return kem.id();
    }

    @Override
    public int publicKeyLength() {
        return kem.publicKeyLength();
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        return kem.generate(randomness);
    }

    @Override
    public RawKeyPair deriveKeyPair(byte[] ikm) {
        return kem.deriveKeyPair(ikm);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        return kem.publicKey(privateKey);
    }

    @Override
    public Encapsulation encapsulate(byte[] publicKey, Randomness randomness) throws CryptoException {
        return kem.encapsulate(publicKey, randomness);
    }

    @Override
    public byte[] decapsulate(byte[] privateKey, byte[] ownPublicKey, byte[] encapsulated) throws CryptoException {
        return kem.decapsulate(privateKey, ownPublicKey, encapsulated);
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws CryptoException {
        kem.checkPublicKey(publicKey);
    }
}
