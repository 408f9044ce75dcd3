package org.coppice.crypto.bc;

import org.bouncycastle.math.ec.ECPoint;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;

/** Diffie-Hellman on P-256, P-384 and P-521. Private keys are checked before. */
final class BcEcdh implements DiffieHellman {
    private final NamedCurve curve;
    private final BcCurve arithmetic;

    BcEcdh(NamedCurve curve) {
        this.curve = curve;
        this.arithmetic = new BcCurve(curve);
    }

    @Override
    public NamedCurve curve() {
        return curve;
    }

    @Override
    public RawKeyPair generate() {
        return arithmetic.generate();
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        return arithmetic.publicKey(privateKey);
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
        // Never infinity: the point is of prime order and the scalar is not 0.
        ECPoint shared = arithmetic
                .point(peerPublicKey)
                .multiply(arithmetic.scalar(privateKey))
                .normalize();
        return arithmetic.coordinate(shared.getAffineXCoord().toBigInteger());
    }
}
