package org.coppice.mls.crypto.jdk;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/** ECDSA of the platform. */
final class JdkEcdsa implements SignatureScheme {
    private final SignatureAlgorithm algorithm;
    private final EcKeys keys;
    private final String name;
    private final Provider provider;

    JdkEcdsa(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        this.algorithm = algorithm;
        NamedCurve curve = algorithm.ecdsaCurve().orElseThrow();
        this.keys = new EcKeys(curve);
        // The three algorithms pair each curve with the hash that its KEM uses too.
        this.name = curve.kemHash().label().replace("-", "") + "withECDSA";
        this.provider = Jca.providerOf("Signature", name);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        if (randomness.isSystem()) {
            return keys.generate();
        }
        byte[] privateKey = algorithm.drawPrivateKey(randomness);
        try {
            return new RawKeyPair(privateKey, keys.publicKey(privateKey));
        } catch (CryptoException e) {
            throw new AssertionError("the key was drawn in range", e);
        }
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        return keys.publicKey(privateKey);
    }

    @Override
    public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
        return new Signing(keys.importPrivate(privateKey));
    }

    @Override
    public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        PublicKey key = keys.importPublic(publicKey);
        return (message, signature) -> {
            try {
                Signature verifier = Signature.getInstance(name, provider);
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            } catch (SignatureException e) {
                return false;
            } catch (GeneralSecurityException e) {
                throw new AssertionError("the platform had " + name + " when it was looked up", e);
            }
        };
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
                Signature signer = Signature.getInstance(name, provider);
                if (randomness.isSystem()) {
                    signer.initSign(present);
                } else {
                    signer.initSign(present, new Source(randomness));
                }
                signer.update(message);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new AssertionError("the key was checked and fits " + name, e);
            }
        }

        @Override
        public void close() {
            // The platform's EC keys cannot be wiped.
            key = null;
        }
    }

    /** A chosen {@link Randomness} in the shape that the platform takes. */
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
