package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.ops.Chore;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * All open event streams of a server. One timer serves them all: it keeps idle ones alive, and ends those whose token has ended or whose
 * reader has stopped reading. Thread safe.
 */
final class EventStreams {
    private static final Duration BUSY = Duration.ofSeconds(5);

    private final Limits limits;
    private final Clock clock;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final Map<ClientId, Deque<EventStream>> byClient = new HashMap<>();
    private volatile boolean draining;
    private final Chore chore = new Chore("looking after streams", this::tend);
    private volatile Scheduler.Task timer = () -> false;

    EventStreams(Limits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** Begins to look after the streams. */
    void start(Scheduler scheduler) {
        long period = Math.max(1, limits.heartbeat().toMillis() / 4);
        timer = scheduler.schedule(
                () -> {
                    chore.run();
                    start(scheduler);
                },
                period,
                TimeUnit.MILLISECONDS);
    }

    /** What {@link #start} does again and again. */
    Chore chore() {
        return chore;
    }

    void open(DeliverySession session, long expiresMillis, Exchange exchange, Optional<String> last)
            throws DeliveryException, IOException {
        if (draining || open.size() >= limits.maxStreams()) {
            throw Problem.later(
                            ProblemKind.UNAVAILABLE,
                            BUSY.plus(ComeBack.pause(open.size())),
                            "no more streams now, at this node")
                    .asException();
        }
        EventStream stream = new EventStream(exchange, expiresMillis, ended -> forget(session.self(), ended));
        remember(session.self(), stream);
        try {
            stream.begin(session, last, ComeBack.line(open.size()));
        } catch (DeliveryException | IOException | RuntimeException | Error e) {
            forget(session.self(), stream);
            throw e;
        }
        if (draining) {
            stream.close();
        }
    }

    int open() {
        return open.size();
    }

    /** Ends all streams after what is being written to them, and opens none any more. */
    void drain() {
        draining = true;
        timer.cancel();
        int streams = open.size();
        open.forEach(stream -> stream.close(ComeBack.line(streams)));
    }

    private void tend() {
        long now = clock.millis();
        Throwable failed = null;
        for (EventStream stream : open) {
            try {
                stream.tend(now, limits.heartbeat(), limits.idleTimeout());
            } catch (RuntimeException | Error e) {
                // The others are not to wait for one that cannot be tended.
                stream.abandon(e);
                failed = e;
            }
        }
        if (failed != null) {
            throw new IllegalStateException("a stream could not be looked after, and was ended", failed);
        }
    }

    private void remember(ClientId client, EventStream stream) {
        EventStream oldest = null;
        synchronized (byClient) {
            Deque<EventStream> own = byClient.computeIfAbsent(client, key -> new ArrayDeque<>());
            own.add(stream);
            if (own.size() > limits.maxStreamsPerClient()) {
                // Most likely a connection that died unnoticed, whose client is back with a new one.
                oldest = own.remove();
            }
        }
        open.add(stream);
        if (oldest != null) {
            oldest.close();
        }
    }

    private void forget(ClientId client, EventStream stream) {
        open.remove(stream);
        synchronized (byClient) {
            Deque<EventStream> own = byClient.get(client);
            if (own != null) {
                own.remove(stream);
                if (own.isEmpty()) {
                    byClient.remove(client);
                }
            }
        }
    }
}
