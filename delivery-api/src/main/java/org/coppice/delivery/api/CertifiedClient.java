package org.coppice.delivery.api;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;

/**
 * What a certificate of the authentication service says: which client it is for, by the one {@code coppice:} URI among its subject
 * alternative names ({@link ClientId#uri}).
 */
public final class CertifiedClient {
    /** The extended key usage that these certificates have: messaging (id-kp-imUri, RFC 9734 §3). */
    public static final String EXTENDED_KEY_USAGE = "1.3.6.1.5.5.7.3.40";

    private static final int URI_NAME = 6; // RFC 5280 section 4.2.1.6
    private static final String SCHEME = "coppice:";

    private CertifiedClient() {}

    /** The client that {@code endEntity} is for; empty if it names none, or more than one. */
    public static Optional<ClientId> of(X509Certificate endEntity) {
        Collection<List<?>> names;
        try {
            names = endEntity.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
        String found = null;
        if (names != null) {
            for (List<?> name : names) {
                if (name.get(0).equals(URI_NAME) && ((String) name.get(1)).startsWith(SCHEME)) {
                    if (found != null) {
                        return Optional.empty();
                    }
                    found = ((String) name.get(1)).substring(SCHEME.length());
                }
            }
        }
        return found == null
                ? Optional.empty()
                : ClientId.ofIdentity(Bytes.wrap(found.getBytes(StandardCharsets.UTF_8)));
    }

    /** The identity of the client that {@code endEntity} is for: the same bytes as in its basic credential. */
    public static Optional<Bytes> identity(X509Certificate endEntity) {
        return of(endEntity).map(ClientId::identity);
    }
}
