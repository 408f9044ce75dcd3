package org.coppice.delivery.http;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** The certificate by which a client has shown itself in TLS, where the server asks for one. */
final class PeerCertificate {
    private static final int URI_NAME = 6; // RFC 5280 section 4.2.1.6

    private PeerCertificate() {}

    /**
     * Refuses a token that comes over a connection of another client: a certificate that names clients ({@code coppice:alice/laptop}) binds
     * the tokens that may be used beside it. One that names none lets its holder connect, and no more.
     */
    static void check(Request request, ClientId client) throws DeliveryException {
        if (!(request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls)
                || tls.peerCertificates() == null
                || tls.peerCertificates().length == 0) {
            return;
        }
        List<String> named = clientUris(tls.peerCertificates()[0]);
        if (!named.isEmpty() && !named.contains(client.uri())) {
            throw Problem.of(ProblemKind.NOT_ALLOWED, "the token is of another client than the certificate")
                    .asException();
        }
    }

    private static List<String> clientUris(X509Certificate certificate) throws DeliveryException {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(URI_NAME))
                            .map(name -> (String) name.get(1))
                            .filter(uri -> uri.startsWith("coppice:"))
                            .toList();
        } catch (CertificateParsingException e) {
            throw Problem.of(ProblemKind.NOT_ALLOWED, "the names in the certificate cannot be read")
                    .asException();
        }
    }
}
