package org.coppice.crypto.bc;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.coppice.mls.crypto.HashAlgorithm;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/**
 * ECDSA. The nonce follows from key and message (RFC 6979), unless a {@link Randomness} other than the system's is given.
 * Private keys and the form of signatures are checked before.
 */
final class BcEcdsa implements SignatureScheme {
    private final SignatureAlgorithm algorithm;
    private final HashAlgorithm hash;
    private final BcCurve curve;
    private final RecentKeys recentKeys = new RecentKeys();

    BcEcdsa(SignatureAlgorithm algorithm) {
        this.algorithm = algorithm;
        NamedCurve named = algorithm.ecdsaCurve().orElseThrow();
        // The three algorithms pair each curve with the hash that its KEM uses too.
        this.hash = named.kemHash();
        this.curve = new BcCurve(named);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        return curve.generate(randomness);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) {
        return curve.publicKey(privateKey);
    }

    @Override
    public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) {
        return new Signing(new ECPrivateKeyParameters(curve.scalar(privateKey), curve.domain()));
    }

    @Override
    public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        Optional<VerifyingKey> recent = recentKeys.find(publicKey);
        if (recent.isPresent()) {
            return recent.get();
        }
        // The point keeps its table of multiples, so that one key object verifies faster from the second time on.
        ECPublicKeyParameters key = new ECPublicKeyParameters(curve.point(publicKey), curve.domain());
        return recentKeys.keep(publicKey, (message, signature) -> {
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, key);
            BigInteger[] rs = EcdsaDer.decode(signature);
            return verifier.verifySignature(digest(message), rs[0], rs[1]);
        });
    }

    /** By the platform, which hashes long messages several times faster, such as a GroupInfo with its tree. */
    private byte[] digest(byte[] message) {
        try {
            return MessageDigest.getInstance(hash.label()).digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-2", e);
        }
    }

    private final class Signing implements SigningKey {
        private volatile ECPrivateKeyParameters key;

        Signing(ECPrivateKeyParameters key) {
            this.key = key;
        }

        @Override
        public byte[] sign(byte[] message, Randomness randomness) {
            ECPrivateKeyParameters present = key;
            if (present == null) {
                throw new IllegalStateException("the signing key was closed");
            }
            ECDSASigner signer;
            CipherParameters parameters = present;
            if (randomness.isSystem()) {
                signer = new ECDSASigner(new HMacDSAKCalculator(BcHash.digest(hash)));
            } else {
                signer = new ECDSASigner();
                parameters = new ParametersWithRandom(present, new Source(randomness));
            }
            signer.init(true, parameters);
            BigInteger[] rs = signer.generateSignature(digest(message));
            return EcdsaDer.encode(rs[0], rs[1]);
        }

        @Override
        public void close() {
            // A BigInteger cannot be wiped.
            key = null;
        }
    }

    /** A chosen {@link Randomness} in the shape that the library takes. */
    private static final class Source extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient Randomness randomness;

        Source(Randomness randomness) {
            this.randomness = randomness;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            randomness.fill(bytes);
        }
    }
}
