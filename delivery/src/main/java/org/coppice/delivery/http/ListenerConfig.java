package org.coppice.delivery.http;

import java.util.Objects;
import java.util.Optional;

/**
 * Where and how to listen.
 *
 * @param host the address
 * @param port the port; 0 takes one that is free
 * @param tls the server's certificate; without it the service speaks in clear
 * @param behindProxy whether a proxy puts the address that it sees at the end of X-Forwarded-For
 * @param maxThreads how many requests the backend works on at once
 * @param limits what a request may cost
 */
public record ListenerConfig(
        String host, int port, Optional<Tls> tls, boolean behindProxy, int maxThreads, Limits limits) {
    /** Checks that nothing is missing. */
    public ListenerConfig {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(limits, "limits");
    }
}
