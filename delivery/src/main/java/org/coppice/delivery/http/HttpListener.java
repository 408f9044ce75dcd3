package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.coppice.delivery.ops.Metrics;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The service over HTTP/1.1 and HTTP/2, in clear (h2 by prior knowledge or upgrade) or in TLS (h2 by ALPN).
 *
 * <p>A request holds a thread only while the backend works on it: bodies are read, events written and polls waited for without one.
 */
public final class HttpListener implements AutoCloseable {
    private static final int MAX_H2_STREAMS = 256;
    private static final int BACKLOG = 1024;

    private final Server server;
    private final ServerConnector connector;
    private final ListenerConfig config;
    private final Limits limits;
    private final Metrics metrics;
    private final Clock clock;
    private final Connections connections;
    private EventStreams streams;
    private LongPolls polls;
    private Front front;

    private HttpListener(
            Server server, ServerConnector connector, ListenerConfig config, Metrics metrics, Clock clock) {
        this.server = server;
        this.connector = connector;
        this.config = config;
        this.limits = config.limits();
        this.metrics = metrics;
        this.clock = clock;
        this.connections = new Connections(config.limits().headerTimeout());
    }

    /**
     * Takes the address, so that it is known where the service will be, but accepts nothing yet.
     *
     * @param clock by which tokens end
     * @throws IOException if the address cannot be had
     */
    public static HttpListener bind(ListenerConfig config, Metrics metrics, Clock clock) throws IOException {
        // Beside those who work, some accept and select.
        QueuedThreadPool threads = new QueuedThreadPool(config.maxThreads() + 8);
        threads.setName("coppice-http");
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, factories(config.tls(), config.limits()));
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setIdleTimeout(config.limits().idleTimeout().toMillis());
        connector.setAcceptQueueSize(BACKLOG);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(config.limits().maxConnections(), connector));
        server.setErrorHandler(new ProblemPages());
        connector.open();
        return new HttpListener(server, connector, config, metrics, clock);
    }

    private static ConnectionFactory[] factories(Optional<Tls> tls, Limits limits) throws IOException {
        HttpConfiguration config = new HttpConfiguration();
        config.setRequestHeaderSize(limits.maxHeaderBytes());
        config.setSendServerVersion(false);
        config.setSendXPoweredBy(false);
        config.setHttpCompliance(HttpCompliance.RFC7230);
        config.setUriCompliance(UriCompliance.RFC3986); // the router compares paths as they are sent
        HttpConnectionFactory http1 = new HttpConnectionFactory(config);
        if (tls.isEmpty()) {
            HTTP2CServerConnectionFactory h2c = new HTTP2CServerConnectionFactory(config);
            h2c.setMaxConcurrentStreams(MAX_H2_STREAMS);
            return new ConnectionFactory[] {http1, h2c};
        }
        // Clients check the server's name themselves; a server reached by an address has no name to check.
        config.addCustomizer(new SecureRequestCustomizer(false));
        HTTP2ServerConnectionFactory h2 = new HTTP2ServerConnectionFactory(config);
        h2.setMaxConcurrentStreams(MAX_H2_STREAMS);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        return new ConnectionFactory[] {
            new SslConnectionFactory(tls.get().context(), alpn.getProtocol()), alpn, h2, http1
        };
    }

    /** The port that was taken. */
    public int port() {
        return connector.getLocalPort();
    }

    /**
     * Begins to answer.
     *
     * @param backend the service; stays the caller's, who closes it after this
     */
    public void start(Backend backend) throws IOException {
        Budget clients = new Budget(limits.maxBodiesBytes());
        // What one alone gets of it has to be enough for a body.
        Budget strangers = new Budget(Math.max(limits.maxBodiesBytes() / 8, 4L * limits.maxOpenBytes()));
        streams = new EventStreams(limits, clock);
        polls = new LongPolls(limits.maxPolls(), clock);
        Router router = new Router(routes(backend));
        front = new Front(
                router,
                backend,
                new Watch(limits, metrics, clients, strangers, connections, new Origins(config.behindProxy())));
        server.setHandler(front);
        metrics.gauge("coppice.http.streams.open", "Open event streams", streams::open);
        metrics.gauge("coppice.http.polls.waiting", "Reads that wait for something", polls::waiting);
        metrics.gauge(
                "coppice.http.bodies.bytes",
                "Memory held by bodies of requests",
                () -> clients.used() + strangers.used());
        metrics.gauge(
                "coppice.http.connections",
                "Open connections",
                () -> connector.getConnectedEndPoints().size());
        QueuedThreadPool threads = (QueuedThreadPool) server.getThreadPool();
        metrics.gauge("coppice.http.threads.busy", "Threads at work", threads::getBusyThreads);
        metrics.gauge("coppice.http.threads.queue", "Work that waits for a thread", threads::getQueueSize);
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the HTTP server does not start", e);
        }
        streams.start(server.getScheduler());
        metrics.chore(streams.chore());
        metrics.chore(connections.watch(connector, server.getScheduler()));
    }

    private List<Route> routes(Backend backend) {
        List<Route> out = new ArrayList<>();
        out.addAll(new AuthResource(backend).routes(limits));
        out.addAll(new ClientsResource().routes(limits));
        out.addAll(new KeyPackagesResource().routes(limits));
        out.addAll(new GroupsResource().routes(limits));
        out.addAll(new LogResource(polls, metrics, limits).routes());
        out.addAll(new InboxResource(polls, limits).routes());
        out.addAll(new EventsResource(streams).routes());
        out.addAll(new OperatorResource(backend).routes(limits));
        backend.authority().ifPresent(authority -> out.addAll(new AuthorityResource(authority).routes(limits)));
        return out;
    }

    /** The routes that are served, such as {@code GET /v1/groups}. */
    public List<String> served() {
        return front.served();
    }

    /**
     * Stops in order: ends streams and waiting reads, refuses new requests, waits until those that came before are answered.
     *
     * @param patience how long to wait for them
     * @return whether all were answered
     */
    public boolean drain(Duration patience) {
        try {
            CompletableFuture<Void> idle = front.drain();
            streams.drain();
            polls.drain();
            idle.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("nothing fails it", e);
        }
    }

    /** Stops at once. */
    @Override
    public void close() throws IOException {
        try {
            server.stop();
            connector.close();
        } catch (Exception e) {
            throw new IOException("the HTTP server does not stop", e);
        }
    }
}
