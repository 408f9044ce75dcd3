package org.coppice.delivery.account;

import java.util.Objects;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;

/**
 * Who a token stands for, and until when.
 *
 * @param client the client
 * @param expiresMillis when the token ends, in milliseconds since 1970-01-01T00:00:00Z
 * @param tokenHash by which the service knows the token
 */
public record Login(ClientId client, long expiresMillis, Bytes tokenHash) {
    /** Checks that nothing is missing. */
    public Login {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(tokenHash, "tokenHash");
    }
}
