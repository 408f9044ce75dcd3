package org.coppice.delivery.ca;

import java.util.List;
import java.util.Objects;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;

/**
 * A certificate for a client, and what leads from it to the anchor.
 *
 * @param client whose it is
 * @param certificates in DER, the client's first, without the anchor
 * @param expiresMillis its end, in milliseconds since 1970-01-01T00:00:00Z
 */
public record IssuedChain(ClientId client, List<Bytes> certificates, long expiresMillis) {
    /** Copies the list. */
    public IssuedChain {
        Objects.requireNonNull(client, "client");
        certificates = List.copyOf(certificates);
    }

    /** The credential that they are. */
    public Credential credential() {
        return new Credential.X509(certificates);
    }
}
