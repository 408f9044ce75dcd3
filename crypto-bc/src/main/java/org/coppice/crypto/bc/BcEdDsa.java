package org.coppice.crypto.bc;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/**
 * EdDSA (RFC 8032), where a private key is a seed. Lengths and encodings are checked before. {@link MixedOrder} tells why points are
 * checked.
 */
abstract class BcEdDsa implements SignatureScheme {
    private final SignatureAlgorithm algorithm;
    private final int seedSize;
    private final int signatureSize;
    private final SecureRandom random = new SecureRandom();
    private final RecentKeys recentKeys = new RecentKeys();
    private final MixedOrder mixedOrder;

    /** Public keys of mixed order are left to {@code platform}. */
    BcEdDsa(SignatureAlgorithm algorithm, int seedSize, int signatureSize, CryptoProvider platform) {
        this.algorithm = algorithm;
        this.seedSize = seedSize;
        this.signatureSize = signatureSize;
        this.mixedOrder = new MixedOrder(algorithm, platform);
    }

    /** The signature goes into {@code out}. Without the public key it would be computed again, at twice the cost. */
    abstract void sign(byte[] seed, byte[] publicKey, byte[] message, byte[] out);

    @Override
    public abstract byte[] publicKey(byte[] privateKey);

    /** A key that verifies, if the point and, each time, R are in the subgroup of prime order. */
    abstract Optional<VerifyingKey> ofPrimeOrder(byte[] publicKey);

    @Override
    public final SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public final RawKeyPair generate(Randomness randomness) {
        byte[] seed = new byte[seedSize];
        if (randomness.isSystem()) {
            random.nextBytes(seed);
        } else {
            randomness.fill(seed);
        }
        return new RawKeyPair(seed, publicKey(seed));
    }

    @Override
    public final SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) {
        return new Signing(privateKey.clone(), publicKey.clone());
    }

    @Override
    public final VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        Optional<VerifyingKey> recent = recentKeys.find(publicKey);
        if (recent.isPresent()) {
            return recent.get();
        }
        Optional<VerifyingKey> checked = ofPrimeOrder(publicKey);
        return checked.isPresent() ? recentKeys.keep(publicKey, checked.get()) : mixedOrder.loadPublic(publicKey);
    }

    private final class Signing implements SigningKey {
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
            byte[] out = new byte[signatureSize];
            BcEdDsa.this.sign(seed, publicKey, message, out);
            return out;
        }

        @Override
        public void close() {
            closed = true;
            Arrays.fill(seed, (byte) 0);
        }
    }
}
