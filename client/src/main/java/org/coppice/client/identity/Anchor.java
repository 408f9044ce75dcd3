package org.coppice.client.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.coppice.mls.codec.Bytes;

/**
 * The certificate of the authority that a client trusts. An application either ships it or shows its {@link #fingerprint} to people who
 * have it from the operator. Immutable.
 */
public final class Anchor {
    private final Bytes der;
    private final X509Certificate certificate;

    private Anchor(Bytes der, X509Certificate certificate) {
        this.der = der;
        this.certificate = certificate;
    }

    /**
     * An anchor in DER.
     *
     * @throws IllegalArgumentException if it is no certificate of an authority
     */
    public static Anchor of(Bytes der) {
        X509Certificate certificate = Certificates.decode(der);
        if (certificate.getBasicConstraints() < 0) {
            throw new IllegalArgumentException("not the certificate of an authority");
        }
        return new Anchor(der, certificate);
    }

    /** The certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** The certificate in DER, to be kept. */
    public Bytes der() {
        return der;
    }

    /** The SHA-256 hash of the certificate, as people compare it: 16 groups of four hexadecimal digits. */
    public String fingerprint() {
        try {
            String hex = Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(der.toByteArray()))
                    .toHex();
            return hex.replaceAll("(....)(?=.)", "$1 ");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every platform has SHA-256", e);
        }
    }

    /** Whether {@code typed} is the fingerprint; spaces, colons and case do not matter. */
    public boolean hasFingerprint(String typed) {
        return fingerprint()
                .replace(" ", "")
                .equals(typed.replaceAll("[\\s:]", "").toLowerCase(Locale.ROOT));
    }

    /** The subject's name. */
    @Override
    public String toString() {
        return "Anchor[" + certificate.getSubjectX500Principal() + "]";
    }
}
