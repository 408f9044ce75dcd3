package org.coppice.mls.crypto;

import java.math.BigInteger;
import java.util.Optional;

/** The Diffie-Hellman groups of the standard suites, with the sizes of RFC 9180 §7.1. */
public enum NamedCurve implements Primitive {
    /** RFC 7748; HPKE's KEM 0x0020. */
    X25519("X25519", 0x20, HashAlgorithm.SHA_256, 32, 32, null),
    /** RFC 7748; HPKE's KEM 0x0021. */
    X448("X448", 0x21, HashAlgorithm.SHA_512, 56, 56, null),
    /** NIST P-256; HPKE's KEM 0x0010. */
    P256(
            "P-256",
            0x10,
            HashAlgorithm.SHA_256,
            32,
            65,
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    /** NIST P-384; HPKE's KEM 0x0011. */
    P384(
            "P-384",
            0x11,
            HashAlgorithm.SHA_384,
            48,
            97,
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
    /** NIST P-521; HPKE's KEM 0x0012. */
    P521(
            "P-521",
            0x12,
            HashAlgorithm.SHA_512,
            66,
            133,
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
                    + "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");

    private final String label;
    private final int kemId;
    private final HashAlgorithm kemHash;
    private final int privateLength;
    private final int publicLength;
    private final BigInteger order;

    NamedCurve(
            String label, int kemId, HashAlgorithm kemHash, int privateLength, int publicLength, String order) {
        this.label = label;
        this.kemId = kemId;
        this.kemHash = kemHash;
        this.privateLength = privateLength;
        this.publicLength = publicLength;
        this.order = order == null ? null : new BigInteger(order, 16);
    }

    @Override
    public String label() {
        return label;
    }

    /** HPKE's number of the KEM over this group. */
    public int kemId() {
        return kemId;
    }

    /** The hash of that KEM's own KDF. */
    public HashAlgorithm kemHash() {
        return kemHash;
    }

    /** Length of a private key in bytes: raw bytes for X25519 and X448, a big-endian scalar for the others. */
    public int privateLength() {
        return privateLength;
    }

    /** Length of a public key in bytes: raw bytes for X25519 and X448, an uncompressed point for the others. */
    public int publicLength() {
        return publicLength;
    }

    /** Length of a Diffie-Hellman result in bytes: the u or x coordinate. */
    public int sharedLength() {
        return privateLength;
    }

    /** The order of the group, where private keys must be below it; empty for X25519 and X448, which take any bytes. */
    public Optional<BigInteger> order() {
        return Optional.ofNullable(order);
    }
}
