package org.coppice.client.identity;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.coppice.mls.codec.Bytes;

/** Certificates read by the platform. */
final class Certificates {
    private Certificates() {}

    /** Throws {@link IllegalArgumentException} if {@code der} is no certificate. */
    static X509Certificate decode(Bytes der) {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
            if (certificate != null) {
                return certificate;
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("not a certificate", e);
        }
        throw new IllegalArgumentException("not a certificate");
    }
}
