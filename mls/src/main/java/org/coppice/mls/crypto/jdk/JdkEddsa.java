package org.coppice.mls.crypto.jdk;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/** Ed25519 and Ed448 of the platform (RFC 8032), pure and with an empty context. */
@RequiresJdk
final class JdkEddsa implements SignatureScheme {
    private final SignatureAlgorithm algorithm;
    private final NamedParameterSpec parameters;
    private final Provider provider;
    private final KeyFactory factory;
    private final SecureRandom random = new SecureRandom();

    JdkEddsa(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        this.algorithm = algorithm;
        this.parameters =
                algorithm == SignatureAlgorithm.ED25519 ? NamedParameterSpec.ED25519 : NamedParameterSpec.ED448;
        this.provider = Jca.providerOf("Signature", algorithm.label());
        this.factory = KeyFactory.getInstance(algorithm.label(), provider);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        byte[] seed = new byte[algorithm.privateLength()];
        if (randomness.isSystem()) {
            random.nextBytes(seed);
        } else {
            randomness.fill(seed);
        }
        try {
            return new RawKeyPair(seed, publicKey(seed));
        } catch (CryptoException e) {
            throw new AssertionError("any bytes of the right length are a seed", e);
        }
    }

    /** The platform computes a public key only in generating a pair, so the seed stands in for the random bytes. */
    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        algorithm.checkPrivateKey(privateKey);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.label(), provider);
            generator.initialize(parameters, new SeedSource(privateKey));
            KeyPair pair = generator.generateKeyPair();
            byte[] used = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            if (!Arrays.equals(used, privateKey)) {
                throw new AssertionError("the key pair generator does not take its seed from the source as it is");
            }
            return encode(((EdECPublicKey) pair.getPublic()).getPoint());
        } catch (GeneralSecurityException e) {
            throw unreachable(e);
        }
    }

    @Override
    public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
        algorithm.checkPrivateKey(privateKey);
        try {
            return new Signing(factory.generatePrivate(new EdECPrivateKeySpec(parameters, privateKey.clone())));
        } catch (GeneralSecurityException e) {
            throw unreachable(e);
        }
    }

    @Override
    public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        PublicKey key;
        try {
            key = factory.generatePublic(new EdECPublicKeySpec(parameters, decode(publicKey)));
        } catch (GeneralSecurityException e) {
            throw unreachable(e);
        }
        return (message, signature) -> {
            try {
                Signature verifier = Signature.getInstance(algorithm.label(), provider);
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            } catch (SignatureException | InvalidKeyException e) {
                return false;
            } catch (GeneralSecurityException e) {
                throw unreachable(e);
            }
        };
    }

    /** RFC 8032 §5.1.2, §5.2.2: y little-endian, the lowest bit of x in the top bit. */
    private byte[] encode(EdECPoint point) {
        int length = algorithm.publicLength();
        byte[] big = point.getY().toByteArray();
        byte[] out = new byte[length];
        for (int i = 0; i < Math.min(big.length, length); i++) {
            out[i] = big[big.length - 1 - i];
        }
        if (point.isXOdd()) {
            out[length - 1] |= (byte) 0x80;
        }
        return out;
    }

    private static EdECPoint decode(byte[] publicKey) {
        byte[] big = new byte[publicKey.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = publicKey[big.length - 1 - i];
        }
        boolean xOdd = big[0] < 0;
        big[0] &= 0x7f;
        return new EdECPoint(xOdd, new BigInteger(1, big));
    }

    private AssertionError unreachable(GeneralSecurityException e) {
        return new AssertionError("the platform had " + algorithm.label() + " when it was looked up", e);
    }

    private final class Signing implements SigningKey {
        private volatile PrivateKey key;

        Signing(PrivateKey key) {
            this.key = key;
        }

        @Override
        public byte[] sign(byte[] message, Randomness randomness) {
            PrivateKey present = key;
            if (present == null) {
                throw new IllegalStateException("the signing key was closed");
            }
            try {
                Signature signer = Signature.getInstance(algorithm.label(), provider);
                signer.initSign(present);
                signer.update(message);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw unreachable(e);
            }
        }

        @Override
        public void close() {
            // The platform's EdDSA keys cannot be wiped.
            key = null;
        }
    }

    /** Gives one seed. */
    private static final class SeedSource extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient byte[] seed;

        SeedSource(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
