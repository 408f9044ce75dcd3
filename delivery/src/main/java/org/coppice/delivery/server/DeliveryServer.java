package org.coppice.delivery.server;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.http.Backend;
import org.coppice.delivery.http.HttpListener;
import org.coppice.delivery.ops.Health;
import org.coppice.delivery.ops.Metrics;
import org.coppice.delivery.ops.OpsListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node. */
public final class DeliveryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryServer.class);

    private final ServerConfig config;
    private final Set<String> audiences;
    private final HttpListener http;
    private final Optional<OpsListener> ops;
    private final Health health;
    private final Metrics metrics;
    private final Service service;
    private boolean closed;

    private DeliveryServer(
            ServerConfig config,
            Set<String> audiences,
            HttpListener http,
            Optional<OpsListener> ops,
            Health health,
            Metrics metrics,
            Service service) {
        this.config = config;
        this.audiences = audiences;
        this.http = http;
        this.ops = ops;
        this.health = health;
        this.metrics = metrics;
        this.service = service;
    }

    /** A service that can be let go of. */
    public interface Service extends Backend, AutoCloseable {
        @Override
        void close();
    }

    /** Opens the service once it is known by which names clients reach it. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Opens it.
         *
         * @param audiences the names, the first of which it calls itself by
         * @param metrics for what it counts itself
         */
        Service open(Set<String> audiences, Metrics metrics) throws IOException;
    }

    /**
     * Starts a node.
     *
     * @throws IOException if an address or the database cannot be had, for a reason that the message tells; nothing is left running
     */
    public static DeliveryServer start(ServerConfig config) throws IOException {
        return start(
                config,
                config.delivery().ambient().clock(),
                (audiences, metrics) -> ServiceBackend.open(config.storage(), config.delivery(), audiences, metrics));
    }

    /**
     * Starts a node over a service of another kind, such as one of a test.
     *
     * @param clock by which tokens end
     * @throws IOException if an address cannot be had, or the service does not open; nothing is left running
     */
    public static DeliveryServer start(ServerConfig config, Clock clock, Opener opener) throws IOException {
        Health health = new Health();
        try (Undo undo = new Undo()) {
            Metrics metrics = undo.add(new Metrics());
            HttpListener http = undo.add(HttpListener.bind(config.listener(), metrics, clock));
            Optional<OpsListener> ops = Optional.empty();
            if (config.ops().isPresent()) {
                ServerConfig.Ops where = config.ops().get();
                ops = Optional.of(undo.add(OpsListener.start(where.host(), where.port(), health, metrics)));
            }
            Set<String> audiences = audiences(config, http.port());
            Service service = undo.add(opener.open(audiences, metrics));
            http.start(service);
            health.started(service::check);
            LOG.atInfo()
                    .addKeyValue("port", http.port())
                    .addKeyValue("tls", config.tls().isPresent())
                    .log("the delivery service listens");
            undo.keepAll();
            return new DeliveryServer(config, audiences, http, ops, health, metrics, service);
        }
    }

    private static Set<String> audiences(ServerConfig config, int port) {
        Set<String> out = new LinkedHashSet<>();
        for (URI url : config.publicUrls()) {
            out.add(url.toString());
        }
        if (out.isEmpty()) {
            String scheme = config.tls().isPresent() ? "https://" : "http://";
            List<String> hosts = config.host().matches("0\\.0\\.0\\.0|::|127\\..*|::1|localhost")
                    ? List.of("127.0.0.1", "localhost", "[::1]")
                    : List.of(config.host().contains(":") ? "[" + config.host() + "]" : config.host());
            hosts.forEach(host -> out.add(scheme + host + ":" + port));
        }
        return out;
    }

    /** The port of the service. */
    public int port() {
        return http.port();
    }

    /** The port of health and metrics, if they are anywhere. */
    public Optional<Integer> opsPort() {
        return ops.map(OpsListener::port);
    }

    /** The URLs that clients may sign when they log in. */
    public Set<String> audiences() {
        return audiences;
    }

    /** The URL to give to clients. */
    public String url() {
        return audiences.iterator().next();
    }

    /** The routes that are served, such as {@code GET /v1/groups}. */
    public List<String> served() {
        return http.served();
    }

    /** What the node counts. */
    public Metrics metrics() {
        return metrics;
    }

    /**
     * Stops in order: says that it is not ready, waits for {@link ServerConfig#drainDelay}, ends streams, refuses new requests, answers
     * those it has, and lets the engine go. Closing again does nothing.
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        health.stopping();
        LOG.info("stopping");
        pause(config.drainDelay());
        if (!http.drain(config.drainTimeout())) {
            LOG.warn("some requests were not answered in time");
        }
        try (Undo undo = new Undo()) {
            undo.add(metrics);
            ops.ifPresent(undo::add);
            undo.add(service);
            undo.add(http);
        }
        LOG.info("stopped");
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
