package org.coppice.delivery.account;

import java.util.Objects;
import org.coppice.delivery.api.ClientId;

/**
 * Who a token stands for, and until when.
 *
 * @param client the client
 * @param expiresMillis when the token ends, in milliseconds since 1970-01-01T00:00:00Z
 */
public record Login(ClientId client, long expiresMillis) {
    /** Checks that it is there. */
    public Login {
        Objects.requireNonNull(client, "client");
    }
}
