package org.coppice.mls.crypto.jca;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
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

/** Signatures over a JCA {@code Signature}, which is new in each operation: it is stateful, and cheap beside the curve. */
public final class JcaSignatures implements SignatureScheme {
    private final SignatureAlgorithm algorithm;
    private final String name;
    private final Provider provider;
    private final JcaKeys keys;

    private JcaSignatures(SignatureAlgorithm algorithm, Provider provider, JcaKeys keys) {
        this.algorithm = algorithm;
        this.name = nameOf(algorithm);
        this.provider = provider;
        this.keys = keys;
    }

    /**
     * Signatures of {@code algorithm}, with the checks of {@link SignatureScheme#checked}.
     *
     * @throws GeneralSecurityException if the provider has no such {@code Signature}
     */
    public static SignatureScheme of(SignatureAlgorithm algorithm, Provider provider, JcaKeys keys)
            throws GeneralSecurityException {
        Signature.getInstance(nameOf(algorithm), provider);
        return SignatureScheme.checked(new JcaSignatures(algorithm, provider, keys));
    }

    /** The name that all providers have for an algorithm. */
    public static String nameOf(SignatureAlgorithm algorithm) {
        // The three ECDSA algorithms pair each curve with the hash that its KEM uses too.
        // Not all providers have "Ed25519".
        return algorithm
                .ecdsaCurve()
                .map(NamedCurve::kemHash)
                .map(hash -> hash.label().replace("-", "") + "withECDSA")
                .orElse("EdDSA");
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        try {
            if (randomness.isSystem()) {
                return keys.generate();
            }
            byte[] privateKey = algorithm.drawPrivateKey(randomness);
            return new RawKeyPair(privateKey, keys.publicKey(privateKey));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(provider.getName() + " generated a key of " + algorithm.label() + " before", e);
        }
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        try {
            return keys.publicKey(privateKey);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw invalidPrivateKey(e);
        }
    }

    @Override
    public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
        try {
            return new Signing(keys.importPrivate(privateKey));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw invalidPrivateKey(e);
        }
    }

    private CryptoException invalidPrivateKey(Exception e) {
        return new CryptoException(
                CryptoException.Reason.INVALID_PRIVATE_KEY, "no private key of " + algorithm.label(), e);
    }

    @Override
    public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        PublicKey key;
        try {
            key = keys.importPublic(publicKey);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PUBLIC_KEY, "no public key of " + algorithm.label(), e);
        }
        return (message, signature) -> {
            try {
                Signature verifier = Signature.getInstance(name, provider);
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            } catch (SignatureException | InvalidKeyException e) {
                return false;
            } catch (GeneralSecurityException e) {
                throw lost(e);
            }
        };
    }

    private AssertionError lost(GeneralSecurityException e) {
        return new AssertionError(provider.getName() + " had " + name + " when it was looked up", e);
    }

    private final class Signing implements SigningKey {
        private volatile PrivateKey key;

        Signing(PrivateKey key) {
            this.key = key;
        }

        @Override
        public byte[] sign(byte[] message, Randomness randomness) throws CryptoException {
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
            } catch (InvalidKeyException | SignatureException e) {
                throw new CryptoException(
                        CryptoException.Reason.SIGNER_FAILED, provider.getName() + " did not sign", e);
            } catch (GeneralSecurityException e) {
                throw lost(e);
            }
        }

        @Override
        public void close() {
            PrivateKey present = key;
            key = null;
            if (present != null) {
                keys.discard(present);
            }
        }
    }

    /** A chosen {@link Randomness} in the shape that JCA takes. */
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
