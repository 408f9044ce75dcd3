package org.coppice.delivery.account;

import java.util.Objects;

/**
 * A token that stands for a client until it expires.
 *
 * @param token the token, of characters that need no quoting anywhere
 * @param expiresMillis when it ends, in milliseconds since 1970-01-01T00:00:00Z
 */
public record Grant(String token, long expiresMillis) {
    /** Checks that it is there. */
    public Grant {
        Objects.requireNonNull(token, "token");
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Grant[expiresMillis=" + expiresMillis + "]";
    }
}
