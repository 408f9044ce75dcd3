package org.coppice.crypto.bc;

import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed448;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.SignatureAlgorithm;

/** Ed448 (RFC 8032), with an empty context. */
final class BcEd448 extends BcEdDsa {
    private static final byte[] EMPTY = new byte[0];

    BcEd448(CryptoProvider platform) {
        super(SignatureAlgorithm.ED448, Ed448.SECRET_KEY_SIZE, Ed448.SIGNATURE_SIZE, platform);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        byte[] out = new byte[Ed448.PUBLIC_KEY_SIZE];
        Ed448.generatePublicKey(privateKey, 0, out, 0);
        return out;
    }

    @Override
    void sign(byte[] seed, byte[] publicKey, byte[] message, byte[] out) {
        Ed448.sign(seed, 0, publicKey, 0, EMPTY, message, 0, message.length, out, 0);
    }

    @Override
    Optional<VerifyingKey> ofPrimeOrder(byte[] publicKey) {
        Ed448.PublicPoint point = Ed448.validatePublicKeyFullExport(publicKey, 0);
        if (point == null) {
            return Optional.empty();
        }
        // R, the first half of a signature, is encoded as a public key is.
        return Optional.of((message, signature) -> Ed448.verify(signature, 0, point, EMPTY, message, 0, message.length)
                && Ed448.validatePublicKeyFull(signature, 0));
    }
}
