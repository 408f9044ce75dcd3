package org.coppice.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.coppice.delivery.http.Tls;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;

/** A server in this process, on a free port. */
public final class TestServer implements AutoCloseable {
    private final DeliveryServer server;

    private final int port;

    private TestServer(DeliveryServer server) {
        this.server = server;
        this.port = server.port();
    }

    /** Starts one with its data in {@code directory}. */
    public static TestServer start(Path directory) {
        return start(directory, 0);
    }

    /** Starts one on a port. */
    public static TestServer start(Path directory, int port) {
        return start(ServerConfig.DEFAULT, directory, port);
    }

    /** Starts one that shows a certificate. */
    public static TestServer start(Path directory, Tls tls) {
        return start(ServerConfig.DEFAULT.withTls(tls), directory, 0);
    }

    /** Starts one with settings of its own; address and storage are what the other arguments say. */
    public static TestServer start(ServerConfig config, Path directory, int port) {
        try {
            return new TestServer(DeliveryServer.start(config.withStorage(new Storage.Directory(directory))
                    .withAddress("127.0.0.1", port)
                    .withOps(Optional.empty())
                    .withDrain(Duration.ZERO, Duration.ofSeconds(2))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return server.url();
    }

    /** Where it listens, or has listened. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
