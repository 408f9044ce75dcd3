package org.coppice.mls.crypto;

import java.math.BigInteger;
import java.util.Optional;
import org.coppice.mls.error.CryptoException;

/** The Diffie-Hellman groups of the standard suites, with the sizes of RFC 9180 §7.1. */
public enum NamedCurve implements Primitive {
    /** RFC 7748; HPKE's KEM 0x0020. */
    X25519("X25519", 0x20, HashAlgorithm.SHA_256, 32, 32, null),
    /** RFC 7748; HPKE's KEM 0x0021. */
    X448("X448", 0x21, HashAlgorithm.SHA_512, 56, 56, null),
    /** NIST P-256; HPKE's KEM 0x0010. */
    P256("P-256", 0x10, HashAlgorithm.SHA_256, 32, 65, WeierstrassCurve.SECP256R1),
    /** NIST P-384; HPKE's KEM 0x0011. */
    P384("P-384", 0x11, HashAlgorithm.SHA_384, 48, 97, WeierstrassCurve.SECP384R1),
    /** NIST P-521; HPKE's KEM 0x0012. */
    P521("P-521", 0x12, HashAlgorithm.SHA_512, 66, 133, WeierstrassCurve.SECP521R1);

    private final String label;
    private final int kemId;
    private final HashAlgorithm kemHash;
    private final int privateLength;
    private final int publicLength;
    /** {@code null} for X25519 and X448. */
    private final WeierstrassCurve equation;

    NamedCurve(
            String label,
            int kemId,
            HashAlgorithm kemHash,
            int privateLength,
            int publicLength,
            WeierstrassCurve equation) {
        this.label = label;
        this.kemId = kemId;
        this.kemHash = kemHash;
        this.privateLength = privateLength;
        this.publicLength = publicLength;
        this.equation = equation;
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
        return Optional.ofNullable(equation).map(WeierstrassCurve::order);
    }

    /**
     * Checks a private key: its length, and for the P-curves that it is from 1 to the group's order less 1.
     *
     * @throws CryptoException if not ({@link CryptoException.Reason#INVALID_PRIVATE_KEY})
     */
    public void checkPrivateKey(byte[] privateKey) throws CryptoException {
        if (privateKey.length != privateLength || !isInRange(privateKey)) {
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PRIVATE_KEY, "no private key of " + label + ": length or range");
        }
    }

    /**
     * Checks the form of a public key without arithmetic: its length, and for the P-curves that it is an uncompressed point
     * with coordinates below the field's prime, so not the point at infinity.
     *
     * @throws CryptoException if not ({@link CryptoException.Reason#INVALID_PUBLIC_KEY})
     */
    public void checkPublicKeyForm(byte[] publicKey) throws CryptoException {
        if (publicKey.length != publicLength || equation != null && !equation.isUncompressed(publicKey)) {
            throw invalidPublicKey("length or encoding");
        }
    }

    /**
     * Checks a public key whole (RFC 9180 §7.1.4): its form, for the P-curves that it is a point of the curve, for X25519 and
     * X448 that it is none of the few values which give the all-zero result with every private key.
     *
     * @throws CryptoException if not ({@link CryptoException.Reason#INVALID_PUBLIC_KEY})
     */
    public void checkPublicKey(byte[] publicKey) throws CryptoException {
        checkPublicKeyForm(publicKey);
        if (equation == null ? SmallOrder.isMontgomery(this, publicKey) : !equation.contains(publicKey)) {
            throw invalidPublicKey(equation == null ? "a point of small order" : "not on the curve");
        }
    }

    /** A new private key from {@code randomness}: the same bytes in, the same key out, whatever the provider. */
    public byte[] drawPrivateKey(Randomness randomness) {
        byte[] key = new byte[privateLength];
        do {
            randomness.fill(key);
            if (this == P521) {
                key[0] &= 1;
            }
        } while (!isInRange(key));
        return key;
    }

    /** Whether a private key of the right length is in the curve's range; takes the same time for all. */
    boolean isInRange(byte[] privateKey) {
        return equation == null || equation.isScalar(privateKey);
    }

    /**
     * Checks the result of Diffie-Hellman (RFC 7748 §6, RFC 9180 §7.1.4): all-zero on X25519 and X448 means that the peer's
     * key was a point of small order.
     */
    void checkShared(byte[] shared) throws CryptoException {
        if (equation == null) {
            int any = 0;
            for (byte b : shared) {
                any |= b;
            }
            if (any == 0) {
                throw invalidPublicKey("a point of small order");
            }
        }
    }

    private CryptoException invalidPublicKey(String why) {
        return new CryptoException(CryptoException.Reason.INVALID_PUBLIC_KEY, "no public key of " + label + ": " + why);
    }
}
