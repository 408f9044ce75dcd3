package org.coppice.client.store;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.coppice.mls.codec.Bytes;

/** AES-256-GCM of the platform. A sealed value is the nonce, 12 bytes, and then the ciphertext with its tag, 16 bytes. */
final class AesGcm {
    static final int NONCE_LENGTH = 12;
    private static final int TAG_LENGTH = 16;

    private AesGcm() {}

    static byte[] seal(byte[] key, byte[] nonce, Bytes associatedData, byte[] plaintext) {
        try {
            byte[] out = Arrays.copyOf(nonce, NONCE_LENGTH + plaintext.length + TAG_LENGTH);
            cipher(Cipher.ENCRYPT_MODE, key, nonce, associatedData)
                    .doFinal(plaintext, 0, plaintext.length, out, NONCE_LENGTH);
            return out;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every platform has AES-GCM", e);
        }
    }

    /** The plaintext, in a new array; empty if any byte of the three inputs is not what was sealed. */
    static Optional<byte[]> open(byte[] key, Bytes associatedData, Bytes sealed) {
        if (sealed.length() < NONCE_LENGTH + TAG_LENGTH) {
            return Optional.empty();
        }
        byte[] input = sealed.toByteArray();
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(input, NONCE_LENGTH), associatedData)
                    .doFinal(input, NONCE_LENGTH, input.length - NONCE_LENGTH));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every platform has AES-GCM", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, Bytes associatedData)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_LENGTH, nonce));
        associatedData.feed(cipher::updateAAD);
        return cipher;
    }
}
