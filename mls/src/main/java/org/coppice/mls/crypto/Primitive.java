package org.coppice.mls.crypto;

/** A primitive of the standard cipher suites, for which a {@link CryptoProvider} may bring an implementation. */
public sealed interface Primitive permits HashAlgorithm, AeadAlgorithm, NamedCurve, SignatureAlgorithm {
    /** The name in common use, such as "SHA-256" or "X25519". */
    String label();
}
