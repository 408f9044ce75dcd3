package org.coppice.mls.crypto;

import java.util.Arrays;
import java.util.Optional;

/** Which primitives make up the seven suites (RFC 9420 §17.1). */
public enum StandardSuite {
    /** 0x0001. */
    S1(1, NamedCurve.X25519, AeadAlgorithm.AES_128_GCM, HashAlgorithm.SHA_256, SignatureAlgorithm.ED25519),
    /** 0x0002. */
    S2(2, NamedCurve.P256, AeadAlgorithm.AES_128_GCM, HashAlgorithm.SHA_256, SignatureAlgorithm.ECDSA_SECP256R1_SHA256),
    /** 0x0003. */
    S3(3, NamedCurve.X25519, AeadAlgorithm.CHACHA20_POLY1305, HashAlgorithm.SHA_256, SignatureAlgorithm.ED25519),
    /** 0x0004. */
    S4(4, NamedCurve.X448, AeadAlgorithm.AES_256_GCM, HashAlgorithm.SHA_512, SignatureAlgorithm.ED448),
    /** 0x0005. */
    S5(5, NamedCurve.P521, AeadAlgorithm.AES_256_GCM, HashAlgorithm.SHA_512, SignatureAlgorithm.ECDSA_SECP521R1_SHA512),
    /** 0x0006. */
    S6(6, NamedCurve.X448, AeadAlgorithm.CHACHA20_POLY1305, HashAlgorithm.SHA_512, SignatureAlgorithm.ED448),
    /** 0x0007. */
    S7(7, NamedCurve.P384, AeadAlgorithm.AES_256_GCM, HashAlgorithm.SHA_384, SignatureAlgorithm.ECDSA_SECP384R1_SHA384);

    private final CipherSuite suite;
    private final NamedCurve curve;
    private final AeadAlgorithm aead;
    private final HashAlgorithm hash;
    private final SignatureAlgorithm signature;

    StandardSuite(int value, NamedCurve curve, AeadAlgorithm aead, HashAlgorithm hash, SignatureAlgorithm signature) {
        this.suite = new CipherSuite(value);
        this.curve = curve;
        this.aead = aead;
        this.hash = hash;
        this.signature = signature;
    }

    /** The suite of this number, if it is one of the seven. */
    public static Optional<StandardSuite> of(CipherSuite suite) {
        return Arrays.stream(values()).filter(s -> s.suite.equals(suite)).findFirst();
    }

    /** Its number. */
    public CipherSuite suite() {
        return suite;
    }

    /** The curve of its KEM. */
    public NamedCurve curve() {
        return curve;
    }

    /** Its AEAD. */
    public AeadAlgorithm aead() {
        return aead;
    }

    /** Its hash. */
    public HashAlgorithm hash() {
        return hash;
    }

    /** Its signature algorithm. */
    public SignatureAlgorithm signature() {
        return signature;
    }
}
