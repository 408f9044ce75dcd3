package org.coppice.crypto.bc;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/** Ed25519 (RFC 8032). Lengths and encodings are checked before. {@link MixedOrder} tells why points are checked. */
final class BcEd25519 implements SignatureScheme {
    private final SecureRandom random = new SecureRandom();
    private final RecentKeys recentKeys = new RecentKeys();
    private final MixedOrder mixedOrder;

    /** Public keys of mixed order are left to {@code platform}. */
    BcEd25519(CryptoProvider platform) {
        this.mixedOrder = new MixedOrder(SignatureAlgorithm.ED25519, platform);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.ED25519;
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        if (randomness.isSystem()) {
            random.nextBytes(seed);
        } else {
            randomness.fill(seed);
        }
        return new RawKeyPair(seed, publicKey(seed));
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        byte[] out = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(privateKey, 0, out, 0);
        return out;
    }

    @Override
    public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) {
        return new Signing(privateKey.clone(), publicKey.clone());
    }

    @Override
    public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        Optional<VerifyingKey> recent = recentKeys.find(publicKey);
        if (recent.isPresent()) {
            return recent.get();
        }
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(publicKey, 0);
        if (point == null) {
            return mixedOrder.loadPublic(publicKey);
        }
        // R, the first half of a signature, is encoded as a public key is.
        return recentKeys.keep(
                publicKey,
                (message, signature) -> Ed25519.verify(signature, 0, point, message, 0, message.length)
                        && Ed25519.validatePublicKeyFull(signature, 0));
    }

    private static final class Signing implements SigningKey {
        private final byte[] seed;
        private final byte[] publicKey;
        private volatile boolean closed;

        Signing(byte[] seed, byte[] publicKey) {
            this.seed = seed;
            this.publicKey = publicKey;
        }

        @Override
        public byte[] sign(byte[] message, Randomness randomness) {
            if (closed) {
                throw new IllegalStateException("the signing key was closed");
            }
            byte[] out = new byte[Ed25519.SIGNATURE_SIZE];
            // Without the public key it would be computed again, at twice the cost.
            Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, out, 0);
            return out;
        }

        @Override
        public void close() {
            closed = true;
            Arrays.fill(seed, (byte) 0);
        }
    }
}
