package org.coppice.interop;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A server that acts as any number of MLS clients, for the working group's test runner. In clear: it keeps no secrets. */
public final class InteropServer implements AutoCloseable {
    /** A Welcome with the tree of a large group, and some. */
    private static final int MAX_MESSAGE_BYTES = 1 << 26;

    private static final int GRACE_SECONDS = 5;

    private final Server server;

    private InteropServer(Server server) {
        this.server = server;
    }

    /**
     * Starts it.
     *
     * @param address where it listens; port 0 for any that is free
     * @throws IOException if it cannot listen there
     */
    public static InteropServer start(InetSocketAddress address, InteropService service) throws IOException {
        return new InteropServer(NettyServerBuilder.forAddress(address)
                .addService(service)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build()
                .start());
    }

    /** Where it listens. */
    public int port() {
        return server.getPort();
    }

    /** Stops it: calls that run have five seconds to end. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
