package org.coppice.crypto.bc;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed448;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/** Ed448 (RFC 8032). Lengths and encodings are checked before. {@link MixedOrder} tells why points are checked. */
final class BcEd448 implements SignatureScheme {
    private static final byte[] EMPTY = new byte[0];

    private final SecureRandom random = new SecureRandom();
    private final RecentKeys recentKeys = new RecentKeys();
    private final MixedOrder mixedOrder;

    /** Public keys of mixed order are left to {@code platform}. */
    BcEd448(CryptoProvider platform) {
        this.mixedOrder = new MixedOrder(SignatureAlgorithm.ED448, platform);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.ED448;
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        byte[] seed = new byte[Ed448.SECRET_KEY_SIZE];
        if (randomness.isSystem()) {
            random.nextBytes(seed);
        } else {
            randomness.fill(seed);
        }
        return new RawKeyPair(seed, publicKey(seed));
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        byte[] out = new byte[Ed448.PUBLIC_KEY_SIZE];
        Ed448.generatePublicKey(privateKey, 0, out, 0);
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
        Ed448.PublicPoint point = Ed448.validatePublicKeyFullExport(publicKey, 0);
        if (point == null) {
            return mixedOrder.loadPublic(publicKey);
        }
        // R, the first half of a signature, is encoded as a public key is.
        return recentKeys.keep(
                publicKey,
                (message, signature) -> Ed448.verify(signature, 0, point, EMPTY, message, 0, message.length)
                        && Ed448.validatePublicKeyFull(signature, 0));
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
            byte[] out = new byte[Ed448.SIGNATURE_SIZE];
            // Without the public key it would be computed again, at twice the cost.
            Ed448.sign(seed, 0, publicKey, 0, EMPTY, message, 0, message.length, out, 0);
            return out;
        }

        @Override
        public void close() {
            closed = true;
            Arrays.fill(seed, (byte) 0);
        }
    }
}
