package org.coppice.crypto.nativelib;

import java.util.Arrays;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/**
 * Ed25519 of ACCP for messages of up to 1 MiB, and of the platform beyond: ACCP gathers a message before it signs or verifies,
 * and throws when it gets too long. The GroupInfo of some five thousand members is, and the time it takes to hash it hides that
 * the platform's curve is slow.
 */
final class AccpEd25519 implements SignatureScheme {
    private static final int MAX_MESSAGE = 1 << 20;

    private final SignatureScheme accp;
    private volatile SignatureScheme platform;

    AccpEd25519(SignatureScheme accp) {
        this.accp = accp;
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return accp.algorithm();
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        return accp.generate(randomness);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        return accp.publicKey(privateKey);
    }

    @Override
    public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
        return new Signing(accp.loadPrivate(privateKey, publicKey), privateKey.clone(), publicKey.clone());
    }

    @Override
    public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        VerifyingKey key = accp.loadPublic(publicKey);
        byte[] kept = publicKey.clone();
        return (message, signature) -> {
            if (message.length <= MAX_MESSAGE) {
                return key.verify(message, signature);
            }
            try {
                return platform().loadPublic(kept).verify(message, signature);
            } catch (CryptoException e) {
                return false;
            }
        };
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws CryptoException {
        accp.checkPublicKey(publicKey);
    }

    /** Made for the first long message: most clients never meet one. */
    private SignatureScheme platform() {
        SignatureScheme present = platform;
        if (present == null) {
            present = CryptoProviders.jdk()
                    .signatures(algorithm())
                    .orElseThrow(() -> new IllegalStateException(
                            "a message of more than " + MAX_MESSAGE + " bytes needs the platform's Ed25519"));
            platform = present;
        }
        return present;
    }

    private final class Signing implements SigningKey {
        private final SigningKey key;
        private final byte[] privateKey;
        private final byte[] publicKey;

        Signing(SigningKey key, byte[] privateKey, byte[] publicKey) {
            this.key = key;
            this.privateKey = privateKey;
            this.publicKey = publicKey;
        }

        @Override
        public byte[] sign(byte[] message, Randomness randomness) throws CryptoException {
            if (message.length <= MAX_MESSAGE) {
                return key.sign(message, randomness);
            }
            try (SigningKey other = platform().loadPrivate(privateKey, publicKey)) {
                return other.sign(message, randomness);
            }
        }

        @Override
        public void close() {
            key.close();
            Arrays.fill(privateKey, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return accp.toString();
    }
}
