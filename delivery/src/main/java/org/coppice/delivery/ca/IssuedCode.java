package org.coppice.delivery.ca;

import java.util.Objects;

/**
 * A one-time code, to be told to the person and nobody else.
 *
 * @param code the code
 * @param expiresMillis its end, in milliseconds since 1970-01-01T00:00:00Z
 */
public record IssuedCode(String code, long expiresMillis) {
    /** Checks that it is there. */
    public IssuedCode {
        Objects.requireNonNull(code, "code");
    }

    /** Without the code. */
    @Override
    public String toString() {
        return "IssuedCode[expiresMillis=" + expiresMillis + "]";
    }
}
