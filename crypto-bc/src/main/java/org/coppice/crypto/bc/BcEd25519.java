package org.coppice.crypto.bc;

import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.SignatureAlgorithm;

/** Ed25519 (RFC 8032). */
final class BcEd25519 extends BcEdDsa {
    BcEd25519(CryptoProvider platform) {
        super(SignatureAlgorithm.ED25519, Ed25519.SECRET_KEY_SIZE, Ed25519.SIGNATURE_SIZE, platform);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        byte[] out = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(privateKey, 0, out, 0);
        return out;
    }

    @Override
    void sign(byte[] seed, byte[] publicKey, byte[] message, byte[] out) {
        Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, out, 0);
    }

    @Override
    Optional<VerifyingKey> ofPrimeOrder(byte[] publicKey) {
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(publicKey, 0);
        if (point == null) {
            return Optional.empty();
        }
        // R, the first half of a signature, is encoded as a public key is.
        return Optional.of((message, signature) -> Ed25519.verify(signature, 0, point, message, 0, message.length)
                && Ed25519.validatePublicKeyFull(signature, 0));
    }
}
