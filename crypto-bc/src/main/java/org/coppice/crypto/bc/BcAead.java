package org.coppice.crypto.bc;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.error.CryptoException;

/** AES-GCM and ChaCha20-Poly1305. A cipher refuses to encrypt twice with one key and nonce, so each call has a new one. */
final class BcAead implements Aead {
    private final AeadAlgorithm algorithm;

    BcAead(AeadAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    @Override
    public AeadAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int offset, int length) {
        try {
            return run(true, key, nonce, aad, plaintext, offset, length);
        } catch (InvalidCipherTextException e) {
            throw new AssertionError("only decryption can fail", e);
        }
    }

    @Override
    public byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, int offset, int length)
            throws CryptoException {
        if (length < algorithm.tagLength()) {
            throw CryptoException.decryptionFailed();
        }
        try {
            return run(false, key, nonce, aad, ciphertext, offset, length);
        } catch (InvalidCipherTextException e) {
            throw CryptoException.decryptionFailed();
        }
    }

    private byte[] run(boolean encrypt, byte[] key, byte[] nonce, byte[] aad, byte[] in, int offset, int length)
            throws InvalidCipherTextException {
        if (key.length != algorithm.keyLength() || nonce.length != algorithm.nonceLength()) {
            throw new IllegalArgumentException("key or nonce does not fit " + algorithm.label());
        }
        AEADCipher cipher = algorithm == AeadAlgorithm.CHACHA20_POLY1305
                ? new ChaCha20Poly1305()
                : GCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(encrypt, new AEADParameters(new KeyParameter(key), 8 * algorithm.tagLength(), nonce, aad));
        byte[] out = new byte[cipher.getOutputSize(length)];
        int done = cipher.processBytes(in, offset, length, out, 0);
        cipher.doFinal(out, done);
        return out;
    }
}
