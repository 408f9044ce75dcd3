package org.coppice.delivery.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.http.Limits;
import org.coppice.delivery.http.ListenerConfig;
import org.coppice.delivery.http.Tls;

/**
 * How a node of the delivery service is to run. {@link #DEFAULT} is for one machine with nothing to set up; change what differs with the
 * {@code with...} methods.
 *
 * @param storage where everything is kept: a directory on this machine, or PostgreSQL
 * @param delivery how the service behaves: who may register, sizes, rates, how long things are kept. The names in
 *     {@link ServerConfig#publicUrls} are added to its audiences
 * @param host the address to listen on; {@code 127.0.0.1} lets only this machine in, {@code 0.0.0.0} everybody
 * @param port the port to listen on; 0 takes one that is free
 * @param tls the server's certificate. Without it the service speaks in clear, which is for one machine, or behind a proxy that does TLS
 * @param publicUrls the URLs by which clients reach the service, {@code scheme://host[:port]} without a path, such as
 *     {@code https://chat.example.org}. Clients sign the one that they use when they log in, and the service accepts no other, so that no
 *     relay can log in for them. If empty: the address that it listens on, and if that is everybody's or loopback, {@code localhost} too
 * @param behindProxy whether a proxy stands before the service that puts the address it sees at the end of X-Forwarded-For. Strangers are
 *     limited by their address; without this all would seem to come from the proxy, and with it but without a proxy everybody could
 *     seem to come from anywhere
 * @param ops where health and metrics are; empty for nowhere
 * @param limits what a request may cost
 * @param maxThreads how many requests the service works on at once. More than the engine has connections only wait for one
 * @param drainDelay how long a node that is told to stop goes on as before but says that it is not ready, so that a load balancer can
 *     notice
 * @param drainTimeout how long it then waits for the requests that it has
 */
public record ServerConfig(
        Storage storage,
        DeliveryConfig delivery,
        String host,
        int port,
        Optional<Tls> tls,
        List<URI> publicUrls,
        boolean behindProxy,
        Optional<Ops> ops,
        Limits limits,
        int maxThreads,
        Duration drainDelay,
        Duration drainTimeout) {
    /** The port of the service unless told otherwise. */
    public static final int DEFAULT_PORT = 8420;

    /** The port of health and metrics unless told otherwise. */
    public static final int DEFAULT_OPS_PORT = 8421;

    /** On this machine alone, in clear, with the data in {@code coppice-data} below the present directory. */
    public static final ServerConfig DEFAULT = new ServerConfig(
            new Storage.Directory(Path.of("coppice-data")),
            DeliveryConfig.of(Set.of()),
            "127.0.0.1",
            DEFAULT_PORT,
            Optional.empty(),
            List.of(),
            false,
            Optional.of(new Ops("127.0.0.1", DEFAULT_OPS_PORT)),
            Limits.DEFAULT,
            128,
            Duration.ZERO,
            Duration.ofSeconds(20));

    /** Checks the ranges. */
    public ServerConfig {
        Objects.requireNonNull(storage, "storage");
        Objects.requireNonNull(delivery, "delivery");
        Objects.requireNonNull(host, "host");
        checkPort(port);
        Objects.requireNonNull(tls, "tls");
        publicUrls = List.copyOf(publicUrls);
        publicUrls.forEach(ServerConfig::checkUrl);
        Objects.requireNonNull(ops, "ops");
        Objects.requireNonNull(limits, "limits");
        if (maxThreads < 1) {
            throw new IllegalArgumentException("a server needs a thread to work");
        }
        if (drainDelay.isNegative() || drainTimeout.isNegative()) {
            throw new IllegalArgumentException("a time is negative");
        }
    }

    /**
     * Where health and metrics are: {@code /health/live}, {@code /health/ready}, {@code /metrics}, in clear and without a password.
     *
     * @param host the address, which should not be a public one
     * @param port the port; 0 takes one that is free
     */
    public record Ops(String host, int port) {
        /** Checks the port. */
        public Ops {
            Objects.requireNonNull(host, "host");
            checkPort(port);
        }
    }

    private static void checkPort(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("a port is a number from 0 to 65535");
        }
    }

    private static void checkUrl(URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean bare = url.getRawPath() == null || url.getRawPath().isEmpty();
        if (!http || url.getHost() == null || !bare || url.getRawQuery() != null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a public URL is scheme://host[:port] and no more, not " + url);
        }
    }

    ListenerConfig listener() {
        return new ListenerConfig(host, port, tls, behindProxy, maxThreads, limits);
    }

    /** The same with the data elsewhere. */
    public ServerConfig withStorage(Storage newStorage) {
        return with(draft -> draft.storage = newStorage);
    }

    /** The same with a service that behaves otherwise. */
    public ServerConfig withDelivery(DeliveryConfig newDelivery) {
        return with(draft -> draft.delivery = newDelivery);
    }

    /** The same, listening elsewhere. */
    public ServerConfig withAddress(String newHost, int newPort) {
        return with(draft -> {
            draft.host = newHost;
            draft.port = newPort;
        });
    }

    /** The same in TLS. */
    public ServerConfig withTls(Tls newTls) {
        return with(draft -> draft.tls = Optional.of(newTls));
    }

    /** The same under other URLs. */
    public ServerConfig withPublicUrls(List<URI> urls) {
        return with(draft -> draft.publicUrls = urls);
    }

    /** The same with a proxy before it, or none. */
    public ServerConfig withProxy(boolean proxy) {
        return with(draft -> draft.behindProxy = proxy);
    }

    /** The same with health and metrics elsewhere, or nowhere. */
    public ServerConfig withOps(Optional<Ops> newOps) {
        return with(draft -> draft.ops = newOps);
    }

    /** The same with other limits. */
    public ServerConfig withLimits(Limits newLimits) {
        return with(draft -> draft.limits = newLimits);
    }

    /** The same with another number of threads. */
    public ServerConfig withMaxThreads(int threads) {
        return with(draft -> draft.maxThreads = threads);
    }

    /** The same with other times for stopping. */
    public ServerConfig withDrain(Duration delay, Duration timeout) {
        return with(draft -> {
            draft.drainDelay = delay;
            draft.drainTimeout = timeout;
        });
    }

    private ServerConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.config();
    }

    /** The same parts, changeable: so that each change names only what it changes. */
    private static final class Draft {
        private Storage storage;
        private DeliveryConfig delivery;
        private String host;
        private int port;
        private Optional<Tls> tls;
        private List<URI> publicUrls;
        private boolean behindProxy;
        private Optional<Ops> ops;
        private Limits limits;
        private int maxThreads;
        private Duration drainDelay;
        private Duration drainTimeout;

        Draft(ServerConfig from) {
            storage = from.storage;
            delivery = from.delivery;
            host = from.host;
            port = from.port;
            tls = from.tls;
            publicUrls = from.publicUrls;
            behindProxy = from.behindProxy;
            ops = from.ops;
            limits = from.limits;
            maxThreads = from.maxThreads;
            drainDelay = from.drainDelay;
            drainTimeout = from.drainTimeout;
        }

        ServerConfig config() {
            return new ServerConfig(
                    storage,
                    delivery,
                    host,
                    port,
                    tls,
                    publicUrls,
                    behindProxy,
                    ops,
                    limits,
                    maxThreads,
                    drainDelay,
                    drainTimeout);
        }
    }
}
