package org.coppice.mls.credential.x509;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * Certificates of authorities that the application holds, so that senders may leave them out of their chains (RFC 9420 §5.3).
 * They need not be trusted: a chain through them is validated like any other. Thread safe.
 */
@FunctionalInterface
public interface CertificateSource {
    /** The certificates whose subject has this name, the preferred ones first; empty if there are none. */
    List<X509Certificate> withSubject(X500Principal subject);

    /** A source of exactly these certificates, preferred in their order. */
    static CertificateSource of(Collection<X509Certificate> certificates) {
        Map<X500Principal, List<X509Certificate>> bySubject = new HashMap<>();
        for (X509Certificate certificate : certificates) {
            bySubject
                    .computeIfAbsent(certificate.getSubjectX500Principal(), name -> new ArrayList<>())
                    .add(certificate);
        }
        bySubject.replaceAll((name, list) -> List.copyOf(list));
        return subject -> bySubject.getOrDefault(subject, List.of());
    }
}
