package org.coppice.mls.credential.x509;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A certificate chain that passed path validation (RFC 5280 §6), for a {@link RevocationChecker} to look at. Immutable.
 *
 * @param certificates the end entity's first, each followed by its issuer's, without the anchor's
 * @param anchor the trust anchor, issuer of the last certificate
 * @param validatedAt the time that the validity was checked for: the clock's, or an earlier one within the grace
 */
public record CertificateChain(List<X509Certificate> certificates, TrustAnchor anchor, Instant validatedAt) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public CertificateChain {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least the end entity's certificate");
        }
        Objects.requireNonNull(anchor, "anchor");
        Objects.requireNonNull(validatedAt, "validatedAt");
    }

    /** The certificate that the credential is about. */
    public X509Certificate endEntity() {
        return certificates.get(0);
    }

    /** The count only: a certificate holds an identity. */
    @Override
    public String toString() {
        return "CertificateChain[" + certificates.size() + " certificates]";
    }
}
