package org.coppice.delivery.account;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;

/** Which client a credential names. Whether it may is for others to say. */
public final class Identities {
    private static final int URI_NAME = 6;
    private static final String SCHEME = "coppice:";

    private Identities() {}

    /**
     * The client that a credential names: by its identity if it is basic, by the one {@code coppice:} URI among the subject alternative
     * names of the first certificate if it is x509. Empty if it names none, or more than one.
     */
    public static Optional<ClientId> clientOf(Credential credential) {
        if (credential instanceof Credential.Basic basic) {
            return ClientId.ofIdentity(basic.identity());
        }
        if (credential instanceof Credential.X509 x509 && !x509.certificates().isEmpty()) {
            return clientOfCertificate(x509.certificates().get(0));
        }
        return Optional.empty();
    }

    private static Optional<ClientId> clientOfCertificate(Bytes der) {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return Optional.empty();
            }
            List<String> uris = names.stream()
                    .filter(name -> name.get(0).equals(URI_NAME))
                    .map(name -> (String) name.get(1))
                    .filter(uri -> uri.startsWith(SCHEME))
                    .toList();
            return uris.size() == 1
                    ? ClientId.ofIdentity(
                            Bytes.wrap(uris.get(0).substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8)))
                    : Optional.empty();
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }
}
