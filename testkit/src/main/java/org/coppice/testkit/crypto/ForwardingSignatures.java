package org.coppice.testkit.crypto;

import java.util.Objects;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;

/** Another signature scheme. */
public abstract class ForwardingSignatures implements SignatureScheme {
    private final SignatureScheme signatures;

    /** In front of {@code signatures}. */
    protected ForwardingSignatures(SignatureScheme signatures) {
        this.signatures = Objects.requireNonNull(signatures, "signatures");
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return signatures.algorithm();
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        return signatures.generate(randomness);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        return signatures.publicKey(privateKey);
    }

    @Override
    public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
        return signatures.loadPrivate(privateKey, publicKey);
    }

    @Override
    public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        return signatures.loadPublic(publicKey);
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws CryptoException {
        signatures.checkPublicKey(publicKey);
    }
}
