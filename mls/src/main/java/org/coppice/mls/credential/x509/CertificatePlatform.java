package org.coppice.mls.credential.x509;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.coppice.mls.codec.Bytes;

/**
 * The Java platform's handling of X.509, made strict about encodings. Thread safe.
 *
 * <p>What the platform throws for hostile certificates is not all declared, so undeclared exceptions count as refusals here.
 */
final class CertificatePlatform {
    /** {@code null} for whichever providers the platform prefers. */
    private final Provider provider;

    /** @throws IllegalArgumentException if {@code provider} has not both certificates and path validation */
    CertificatePlatform(Provider provider) {
        this.provider = provider;
        try {
            factory();
            validator();
        } catch (CertificateException | NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("no X.509 certificates or no PKIX path validation", e);
        }
    }

    /** Reads a certificate that is one DER value and nothing else. */
    X509Certificate decode(Bytes der) throws Refusal {
        // Before the platform sees it: factories also read PEM and PKCS #7, BER, and leave what follows.
        SubjectKey.toBeSigned(der);
        byte[] bytes = der.toByteArray();
        try {
            X509Certificate certificate =
                    (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(bytes));
            if (Bytes.wrap(certificate.getEncoded()).equals(der)) {
                return certificate;
            }
        } catch (CertificateException | RuntimeException e) {
            throw Refusal.because("malformed certificate");
        }
        throw Refusal.because("not the DER encoding of a certificate");
    }

    /** Whether {@code certificate} is signed with the key of {@code issuer}; neither is validated further. */
    boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            if (provider == null) {
                certificate.verify(issuer.getPublicKey());
            } else {
                certificate.verify(issuer.getPublicKey(), provider);
            }
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    CertPath path(List<X509Certificate> certificates) throws CertificateException {
        return factory().generateCertPath(certificates);
    }

    /** A new validator, since one may not be shared between threads. */
    CertPathValidator validator() throws NoSuchAlgorithmException {
        return provider == null
                ? CertPathValidator.getInstance("PKIX")
                : CertPathValidator.getInstance("PKIX", provider);
    }

    private CertificateFactory factory() throws CertificateException {
        return provider == null
                ? CertificateFactory.getInstance("X.509")
                : CertificateFactory.getInstance("X.509", provider);
    }
}
