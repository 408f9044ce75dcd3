package org.coppice.mls.crypto.jdk;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.error.CryptoException;

/**
 * AES-GCM and ChaCha20-Poly1305 of the platform. Each operation has a {@code Cipher} of its own: one that is kept holds its last
 * key until the next use, refuses to encrypt twice with one key and nonce, and some even to decrypt what they encrypted.
 */
final class JdkAead implements Aead {
    private final AeadAlgorithm algorithm;
    private final String transformation;
    private final String keyName;
    private final Provider provider;

    JdkAead(AeadAlgorithm algorithm) throws GeneralSecurityException {
        this.algorithm = algorithm;
        boolean aes = algorithm != AeadAlgorithm.CHACHA20_POLY1305;
        this.keyName = aes ? "AES" : "ChaCha20";
        Provider found;
        String name = aes ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305";
        try {
            found = Jca.providerOf("Cipher", name);
        } catch (NoSuchAlgorithmException e) {
            if (aes) {
                throw e;
            }
            // Android's name for it.
            name = "ChaCha20/Poly1305/NoPadding";
            found = Jca.providerOf("Cipher", name);
        }
        this.transformation = name;
        this.provider = found;
    }

    @Override
    public AeadAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(plaintext, offset, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("key, nonce or range does not fit " + algorithm.label(), e);
        }
    }

    @Override
    public byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, int offset, int length)
            throws CryptoException {
        if (length < algorithm.tagLength()) {
            throw CryptoException.decryptionFailed();
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, aad).doFinal(ciphertext, offset, length);
        } catch (GeneralSecurityException e) {
            throw CryptoException.decryptionFailed();
        }
    }

    private Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(transformation, provider);
        AlgorithmParameterSpec parameters = algorithm == AeadAlgorithm.CHACHA20_POLY1305
                ? new IvParameterSpec(nonce)
                : new GCMParameterSpec(8 * algorithm.tagLength(), nonce);
        cipher.init(mode, new BorrowedKey(keyName, key), parameters);
        if (aad.length > 0) {
            cipher.updateAAD(aad);
        }
        return cipher;
    }
}
