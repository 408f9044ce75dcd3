package org.coppice.crypto.bc;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;

/** X25519 (RFC 7748). Lengths are checked before. */
final class BcX25519 implements DiffieHellman {
    private final SecureRandom random = new SecureRandom();

    @Override
    public NamedCurve curve() {
        return NamedCurve.X25519;
    }

    @Override
    public RawKeyPair generate() {
        byte[] privateKey = new byte[X25519.SCALAR_SIZE];
        random.nextBytes(privateKey);
        return new RawKeyPair(privateKey, publicKey(privateKey));
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        byte[] out = new byte[X25519.POINT_SIZE];
        X25519.generatePublicKey(privateKey, 0, out, 0);
        return out;
    }

    @Override
    public byte[] agree(byte[] privateKey, byte[] ownPublicKey, byte[] peerPublicKey) throws CryptoException {
        byte[] out = new byte[X25519.POINT_SIZE];
        if (!X25519.calculateAgreement(privateKey, 0, peerPublicKey, 0, out, 0)) {
            // All-zero: RFC 7748 §6.
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PUBLIC_KEY, "no public key of X25519: a point of small order");
        }
        return out;
    }
}
