package org.coppice.mls.crypto;

import java.util.Objects;

/**
 * What a cipher suite is made of (RFC 9420 §5.1). An application brings a suite of its own by a {@link CryptoProvider} whose
 * {@link CryptoProvider#suite} gives these parts for its number.
 *
 * @param suite the number
 * @param kem HPKE's KEM
 * @param hash the suite's hash, which also is that of HMAC and HKDF
 * @param aead the AEAD of HPKE and of messages
 * @param signatures the signature scheme
 */
public record SuiteParts(CipherSuite suite, Kem kem, Hash hash, Aead aead, SignatureScheme signatures) {
    /** Checks that nothing is missing. */
    public SuiteParts {
        Objects.requireNonNull(suite, "suite");
        Objects.requireNonNull(kem, "kem");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(aead, "aead");
        Objects.requireNonNull(signatures, "signatures");
    }
}
