package org.coppice.mls.crypto;

import org.coppice.mls.error.CryptoException;

/** The checks of {@link DiffieHellman#checked}. They compare bytes; whether a point is on its curve the provider finds out. */
final class CheckedDiffieHellman implements DiffieHellman {
    private final DiffieHellman raw;
    private final NamedCurve curve;

    CheckedDiffieHellman(DiffieHellman raw) {
        this.raw = raw;
        this.curve = raw.curve();
    }

    @Override
    public NamedCurve curve() {
        return curve;
    }

    @Override
    public RawKeyPair generate() {
        return raw.generate();
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        curve.checkPrivateKey(privateKey);
        return raw.publicKey(privateKey);
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
        curve.checkPrivateKey(privateKey);
        curve.checkPublicKeyForm(peerPublicKey);
        byte[] shared = raw.agree(privateKey, ownPublicKey, peerPublicKey);
        curve.checkShared(shared);
        return shared;
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws CryptoException {
        curve.checkPublicKey(publicKey);
    }

    @Override
    public String toString() {
        return raw.toString();
    }
}
