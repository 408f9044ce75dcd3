package org.coppice.testkit.vectors;

import java.util.Arrays;
import java.util.Optional;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.StandardSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;

/** Private keys as generators of vectors write them, which is not always as the documents say. */
final class PrivateKeys {
    private PrivateKeys() {}

    static SignatureKeyPair signature(Secret given, SignaturePublicKey expected, SuiteCrypto crypto)
            throws VectorMismatch, CryptoException {
        Secret key = ofLength(given, signatureLength(crypto.suite()));
        Expect.equal("signature_priv", expected, crypto.signaturePublicKey(key));
        return new SignatureKeyPair(key, expected);
    }

    static HpkeKeyPair hpke(String name, Secret given, HpkePublicKey expected, SuiteCrypto crypto)
            throws VectorMismatch, CryptoException {
        Secret key = ofLength(given, hpkeLength(crypto.suite()));
        Expect.equal(name, expected, crypto.hpkePublicKey(key));
        return new HpkeKeyPair(key, expected);
    }

    private static Optional<Integer> signatureLength(CipherSuite suite) {
        return StandardSuite.of(suite).map(s -> s.signature().privateLength());
    }

    private static Optional<Integer> hpkeLength(CipherSuite suite) {
        return StandardSuite.of(suite).map(s -> s.curve().privateLength());
    }

    /**
     * Integers come with and without leading zeros, and some libraries write the public key of EdDSA behind the private one. The
     * public key that must come out tells whether the guess was right.
     */
    private static Secret ofLength(Secret given, Optional<Integer> wanted) {
        int length = wanted.orElse(given.length());
        byte[] raw = given.exposeCopy();
        if (raw.length == length) {
            return given;
        }
        if (raw.length < length) {
            byte[] padded = new byte[length];
            System.arraycopy(raw, 0, padded, length - raw.length, raw.length);
            return Secret.wrap(padded);
        }
        boolean leadingZeros = true;
        for (int i = 0; i < raw.length - length; i++) {
            leadingZeros &= raw[i] == 0;
        }
        return Secret.wrap(
                leadingZeros ? Arrays.copyOfRange(raw, raw.length - length, raw.length) : Arrays.copyOf(raw, length));
    }
}
