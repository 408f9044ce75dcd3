package org.coppice.delivery.ops;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * {@code /health/live}, {@code /health/ready} and {@code /metrics}, on a port and threads of their own: they answer when the service is
 * overrun, and are no more public than their address.
 */
public final class OpsListener implements AutoCloseable {
    private static final int THREADS = 8;
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Server server;
    private final ServerConnector connector;

    private OpsListener(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Begins to answer.
     *
     * @param port the port, 0 for any that is free
     * @throws IOException if the address cannot be had
     */
    public static OpsListener start(String host, int port, Health health, Metrics metrics) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("coppice-ops");
        Server server = new Server(threads);
        HttpConfiguration config = new HttpConfiguration();
        config.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(config));
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                answer(request, response, callback, health, metrics);
                return true;
            }
        });
        connector.open();
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the HTTP server does not start", e);
        }
        return new OpsListener(server, connector);
    }

    private static void answer(Request request, Response response, Callback callback, Health health, Metrics metrics) {
        String method = request.getMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            write(response, callback, 405, PLAIN, "this has the methods GET and HEAD\n");
            return;
        }
        switch (request.getHttpURI().getPath()) {
            case "/health/live" -> write(response, callback, 200, PLAIN, "alive\n");
            case "/health/ready" -> {
                String readiness = health.readiness();
                write(response, callback, readiness.equals("ready") ? 200 : 503, PLAIN, readiness + "\n");
            }
            case "/metrics" -> write(response, callback, 200, PROMETHEUS, metrics.scrape());
            default -> write(response, callback, 404, PLAIN, "there are /health/live, /health/ready and /metrics\n");
        }
    }

    private static void write(Response response, Callback callback, int status, String type, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** The port that was taken. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("the HTTP server does not stop", e);
        }
    }
}
