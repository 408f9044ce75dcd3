package org.coppice.mls.crypto;

import java.util.Optional;
import org.coppice.mls.error.CryptoException;

/**
 * The signature algorithms of the standard suites.
 *
 * <p>Keys are raw bytes: the seed and the encoded point of RFC 8032 for EdDSA; for ECDSA the big-endian scalar and the
 * uncompressed point. ECDSA signatures are DER-encoded as in TLS 1.3.
 */
public enum SignatureAlgorithm implements Primitive {
    /** RFC 8032. */
    ED25519("Ed25519", 0x0807, 32, 32, null),
    /** RFC 8032, with an empty context. */
    ED448("Ed448", 0x0808, 57, 57, null),
    /** ECDSA on P-256 with SHA-256. */
    ECDSA_SECP256R1_SHA256("ES256", 0x0403, 32, 65, NamedCurve.P256),
    /** ECDSA on P-384 with SHA-384. */
    ECDSA_SECP384R1_SHA384("ES384", 0x0503, 48, 97, NamedCurve.P384),
    /** ECDSA on P-521 with SHA-512. */
    ECDSA_SECP521R1_SHA512("ES512", 0x0603, 66, 133, NamedCurve.P521);

    private final String label;
    private final int tlsId;
    private final int privateLength;
    private final int publicLength;
    private final NamedCurve curve;

    SignatureAlgorithm(String label, int tlsId, int privateLength, int publicLength, NamedCurve curve) {
        this.label = label;
        this.tlsId = tlsId;
        this.privateLength = privateLength;
        this.publicLength = publicLength;
        this.curve = curve;
    }

    @Override
    public String label() {
        return label;
    }

    /** The number in TLS's SignatureScheme registry. */
    public int tlsId() {
        return tlsId;
    }

    /** Length of a private key in bytes. */
    public int privateLength() {
        return privateLength;
    }

    /** Length of a public key in bytes. */
    public int publicLength() {
        return publicLength;
    }

    /** The curve of an ECDSA algorithm; empty for EdDSA. */
    public Optional<NamedCurve> ecdsaCurve() {
        return Optional.ofNullable(curve);
    }

    /** Whether this is ECDSA, whose signatures need randomness. */
    public boolean isEcdsa() {
        return curve != null;
    }

    /**
     * Checks a private key: its length, and for ECDSA that it is from 1 to the group's order less 1.
     *
     * @throws CryptoException if not ({@link CryptoException.Reason#INVALID_PRIVATE_KEY})
     */
    public void checkPrivateKey(byte[] privateKey) throws CryptoException {
        if (curve != null) {
            curve.checkPrivateKey(privateKey);
        } else if (privateKey.length != privateLength) {
            throw new CryptoException(
                    CryptoException.Reason.INVALID_PRIVATE_KEY, "no private key of " + label + ": length");
        }
    }

    /** Whether this is a public key that may be used: by its bytes, so that all members agree ({@link SignatureScheme#checked}). */
    public boolean isPublicKey(byte[] publicKey) {
        SignatureForm form = SignatureForm.of(this);
        return form.isPublicKey(publicKey) && form.isPoint(publicKey);
    }

    /** A new private key from {@code randomness}: the same bytes in, the same key out, whatever the provider. */
    public byte[] drawPrivateKey(Randomness randomness) {
        return curve != null ? curve.drawPrivateKey(randomness) : randomness.bytes(privateLength);
    }
}
