package org.coppice.delivery.http;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.coppice.delivery.ops.Chore;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose peer sends a header, or a TLS handshake, byte after byte and never ends. The idle timeout does not see them,
 * since they are not idle. Thread safe.
 *
 * <p>Connections of HTTP/2 are left to their own limits once they are set up: between requests they may be kept alive by pings.
 */
final class Connections {
    private final long patienceNanos;
    private final Map<Connection, Integer> busy = new ConcurrentHashMap<>();
    private final Map<EndPoint, Seen> seen = new ConcurrentHashMap<>();

    Connections(Duration headerTimeout) {
        this.patienceNanos = headerTimeout.toNanos();
    }

    /**
     * How a connection stood when last it was known to be well.
     *
     * @param requests how many requests it had had
     * @param bytes how many bytes had come
     * @param since when the first byte after that was noticed; 0 for none yet
     */
    private record Seen(long requests, long bytes, long since) {}

    void began(Request request) {
        busy.merge(request.getConnectionMetaData().getConnection(), 1, Integer::sum);
    }

    void ended(Request request) {
        busy.computeIfPresent(
                request.getConnectionMetaData().getConnection(), (key, count) -> count == 1 ? null : count - 1);
    }

    /** Begins to look after the connections; returns what is done again and again. */
    Chore watch(AbstractConnector connector, Scheduler scheduler) {
        Chore chore = new Chore("looking after connections", () -> sweep(connector));
        watch(connector, scheduler, chore);
        return chore;
    }

    private void watch(AbstractConnector connector, Scheduler scheduler, Chore chore) {
        scheduler.schedule(
                () -> {
                    chore.run();
                    if (connector.isRunning()) {
                        watch(connector, scheduler, chore);
                    }
                },
                Math.max(1, patienceNanos / 4),
                TimeUnit.NANOSECONDS);
    }

    private void sweep(AbstractConnector connector) {
        Set<EndPoint> present = Set.copyOf(connector.getConnectedEndPoints());
        seen.keySet().retainAll(present);
        for (EndPoint endPoint : present) {
            if (isStuck(endPoint)) {
                endPoint.close();
            }
        }
    }

    private boolean isStuck(EndPoint endPoint) {
        Connection outer = endPoint.getConnection();
        Connection inner =
                outer instanceof SslConnection tls ? tls.getSslEndPoint().getConnection() : outer;
        if (outer == null || isHttp2(inner)) {
            return false;
        }
        Seen before = seen.get(endPoint);
        long requests = inner == null ? 0 : inner.getMessagesIn();
        long bytes = outer.getBytesIn();
        boolean well = before == null || busy.containsKey(inner) || requests != before.requests;
        if (well) {
            // A new connection counts from nothing, so that bytes which came before the first look are seen too.
            long known = before == null && requests == 0 && !busy.containsKey(inner) ? 0 : bytes;
            seen.put(endPoint, new Seen(requests, known, known == bytes ? 0 : nonZero(NanoTime.now())));
            return false;
        }
        if (bytes == before.bytes) {
            return false; // nothing has begun; the idle timeout looks after it
        }
        if (before.since == 0) {
            seen.put(endPoint, new Seen(requests, before.bytes, nonZero(NanoTime.now())));
            return false;
        }
        return NanoTime.since(before.since) >= patienceNanos;
    }

    private static boolean isHttp2(Connection connection) {
        return connection instanceof ConnectionMetaData http
                && http.getHttpVersion().getVersion() >= HttpVersion.HTTP_2.getVersion();
    }

    private static long nonZero(long nanos) {
        return nanos == 0 ? 1 : nanos;
    }
}
