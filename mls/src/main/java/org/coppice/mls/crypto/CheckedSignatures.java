package org.coppice.mls.crypto;

import java.util.Arrays;
import org.coppice.mls.error.CryptoException;

/**
 * The checks of {@link SignatureScheme#checked}. Libraries differ in what they let pass besides honest signatures; if members
 * of a group judged one message differently, the group would split. So everything in which libraries are known to differ is
 * refused before they see it.
 */
final class CheckedSignatures implements SignatureScheme {
    private final SignatureScheme raw;
    private final SignatureAlgorithm algorithm;
    private final SignatureForm form;

    CheckedSignatures(SignatureScheme raw) {
        this.raw = raw;
        this.algorithm = raw.algorithm();
        this.form = SignatureForm.of(algorithm);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public RawKeyPair generate(Randomness randomness) {
        return raw.generate(randomness);
    }

    @Override
    public byte[] publicKey(byte[] privateKey) throws CryptoException {
        algorithm.checkPrivateKey(privateKey);
        return raw.publicKey(privateKey);
    }

    @Override
    public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
        algorithm.checkPrivateKey(privateKey);
        // EdDSA hashes the public key into each signature: two signatures of one message under one seed, but
        // with different public keys, give the private key away. So a wrong one never gets as far as signing.
        if (!Arrays.equals(raw.publicKey(privateKey), publicKey)) {
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PRIVATE_KEY,
                    "the private key of " + algorithm.label() + " does not belong to the public key");
        }
        return raw.loadPrivate(privateKey, publicKey);
    }

    @Override
    public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
        if (!form.isPublicKey(publicKey)) {
            throw invalid("length or encoding", null);
        }
        VerifyingKey key;
        try {
            key = raw.loadPublic(publicKey);
        } catch (CryptoException e) {
            if (algorithm.isEcdsa()) {
                throw invalid("not on the curve", e);
            }
            // No point, which some libraries notice here and others in verification.
            return (message, signature) -> false;
        }
        return (message, signature) -> form.isSignature(signature) && key.verify(message, signature);
    }

    @Override
    public void checkPublicKey(byte[] publicKey) throws CryptoException {
        if (!form.isPublicKey(publicKey)) {
            throw invalid("length or encoding", null);
        }
        if (!form.isPoint(publicKey)) {
            throw invalid("not on the curve", null);
        }
    }

    private CryptoException invalid(String why, CryptoException cause) {
        return new CryptoException(
                CryptoException.Reason.INVALID_PUBLIC_KEY, "no public key of " + algorithm.label() + ": " + why, cause);
    }

    @Override
    public String toString() {
        return raw.toString();
    }
}
