package org.coppice.testkit.crypto;

import java.util.Objects;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;

/** Another Diffie-Hellman. */
public abstract class ForwardingDiffieHellman implements DiffieHellman {
    private final DiffieHellman dh;

    /** In front of {@code dh}. */
    protected ForwardingDiffieHellman(DiffieHellman dh) {
        this.dh = Objects.requireNonNull(dh, "dh");
    }

    @Override
    public NamedCurve curve() {
        return dh.curve();
    }

    @Override
    public RawKeyPair generate() {
        return dh.generate();
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        return dh.publicKey(privateKey);
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
        return dh.agree(privateKey, ownPublicKey, peerPublicKey);
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws CryptoException {
        dh.checkPublicKey(publicKey);
    }
}
