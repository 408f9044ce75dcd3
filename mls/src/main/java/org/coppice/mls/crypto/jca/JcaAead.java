package org.coppice.mls.crypto.jca;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.error.CryptoException;

/**
 * AES-GCM and ChaCha20-Poly1305 over a JCA {@code Cipher}.
 *
 * <p>Each thread keeps two ciphers, for to make one costs as much as to encrypt a short message. A cipher keeps the key that it was
 * given last, so after each use it is given one of zeros.
 */
public final class JcaAead implements Aead {
    private final AeadAlgorithm algorithm;
    private final String transformation;
    private final String keyName;
    private final Provider provider;
    private final BorrowedKey noKey;
    private final AlgorithmParameterSpec noNonce;

    /** They belong to the instance, so that nothing static is left behind; a thread's entry dies with either of the two. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Cipher> sealing = new ThreadLocal<>();

    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Cipher> opening = new ThreadLocal<>();

    /**
     * @param transformation the provider's name of the {@code Cipher}
     * @throws GeneralSecurityException if the provider has none of that name
     */
    public JcaAead(AeadAlgorithm algorithm, String transformation, Provider provider) throws GeneralSecurityException {
        this.algorithm = algorithm;
        this.transformation = transformation;
        this.keyName = algorithm == AeadAlgorithm.CHACHA20_POLY1305 ? "ChaCha20" : "AES";
        this.provider = provider;
        this.noKey = new BorrowedKey(keyName, new byte[algorithm.keyLength()]);
        this.noNonce = parameters(new byte[algorithm.nonceLength()]);
        Cipher.getInstance(transformation, provider);
    }

    @Override
    public AeadAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length) {
        checkRange(plaintext, offset, length);
        try {
            return ready(sealing, Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(plaintext, offset, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider.getName() + " did not encrypt", e);
        } finally {
            forgetKey(sealing, Cipher.ENCRYPT_MODE);
        }
    }

    @Override
    public byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, int offset, int length)
            throws CryptoException {
        checkRange(ciphertext, offset, length);
        if (length < algorithm.tagLength()) {
            throw CryptoException.decryptionFailed();
        }
        try {
            return ready(opening, Cipher.DECRYPT_MODE, key, nonce, aad).doFinal(ciphertext, offset, length);
        } catch (GeneralSecurityException e) {
            throw CryptoException.decryptionFailed();
        } finally {
            forgetKey(opening, Cipher.DECRYPT_MODE);
        }
    }

    private static void checkRange(byte[] in, int offset, int length) {
        if (offset < 0 || length < 0 || length > in.length - offset) {
            throw new IndexOutOfBoundsException("input range " + offset + "+" + length + " of " + in.length);
        }
    }

    private Cipher ready(ThreadLocal<Cipher> kept, int mode, byte[] key, byte[] nonce, byte[] aad)
            throws GeneralSecurityException {
        if (key.length != algorithm.keyLength() || nonce.length != algorithm.nonceLength()) {
            throw new IllegalArgumentException("key or nonce does not fit " + algorithm.label());
        }
        AlgorithmParameterSpec parameters = parameters(nonce);
        BorrowedKey borrowed = new BorrowedKey(keyName, key);
        Cipher cipher = kept.get();
        if (cipher != null && !init(cipher, mode, borrowed, parameters)) {
            cipher = null;
        }
        if (cipher == null) {
            cipher = Cipher.getInstance(transformation, provider);
            cipher.init(mode, borrowed, parameters);
            kept.set(cipher);
        }
        if (aad.length > 0) {
            cipher.updateAAD(aad);
        }
        return cipher;
    }

    private AlgorithmParameterSpec parameters(byte[] nonce) {
        return algorithm == AeadAlgorithm.CHACHA20_POLY1305
                ? new IvParameterSpec(nonce)
                : new GCMParameterSpec(8 * algorithm.tagLength(), nonce);
    }

    /** RFC 9420 §9.2: a key is gone once it was used. */
    private void forgetKey(ThreadLocal<Cipher> kept, int mode) {
        Cipher cipher = kept.get();
        if (cipher != null && !init(cipher, mode, noKey, noNonce)) {
            kept.remove();
        }
    }

    /** False where the cipher refuses, for one to encrypt with remembers the key and nonce that it had last. */
    private static boolean init(Cipher cipher, int mode, BorrowedKey key, AlgorithmParameterSpec parameters) {
        try {
            cipher.init(mode, key, parameters);
            return true;
        } catch (GeneralSecurityException | IllegalStateException e) {
            return false;
        }
    }
}
