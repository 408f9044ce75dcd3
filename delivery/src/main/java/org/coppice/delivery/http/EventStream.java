package org.coppice.delivery.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;
import org.coppice.mls.codec.Bytes;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/**
 * One stream of server-sent events (the HTML standard, section 9.2).
 *
 * <p>What has grown and was not yet written is a set of groups with their heads, not a queue: a reader that is slow, or that stopped,
 * costs one entry for each group it may read, however much happens in them. While a part is on its way nothing further is written.
 *
 * <p>Only the last event of all that there is to tell carries an id: whoever resumes from it has been told everything before it.
 */
final class EventStream implements HintListener {
    private static final String HEARTBEAT = ":\n\n";
    private static final int EVENTS_IN_PART = 512;

    private final Exchange exchange;
    private final long expiresMillis;
    private final Consumer<EventStream> whenEnded;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Map<Bytes, Long> groups = new LinkedHashMap<>();
    private volatile Subscription subscription = () -> {};
    private long inbox = -1;
    private String lastId = "";
    private boolean writing = true;
    private boolean ending;
    private String farewell = "";
    private long moved = NanoTime.now();

    EventStream(Exchange exchange, long expiresMillis, Consumer<EventStream> whenEnded) {
        this.exchange = exchange;
        this.expiresMillis = expiresMillis;
        this.whenEnded = whenEnded;
    }

    /** @param hello the head of the stream: how long to wait before coming back */
    void begin(DeliverySession session, Optional<String> last, String hello) throws DeliveryException, IOException {
        subscription = session.subscribe(this, last);
        exchange.request().addIdleTimeoutListener(timeout -> false); // heartbeats tell whether anybody is there
        exchange.request().addFailureListener(this::abandon);
        Reply head = new Reply(200, "text/event-stream", new byte[0], Map.of("X-Accel-Buffering", "no"), "ok");
        if (!exchange.stream(head, utf8(hello), Callback.from(this::written, this::abandon))) {
            abandon(new IOException("answered otherwise"));
        }
        if (over.get()) {
            subscription.close(); // ended before the subscription was known here
        }
    }

    @Override
    public void onHint(Hint hint, String eventId) {
        synchronized (this) {
            if (hint instanceof Hint.OfGroup group) {
                groups.merge(group.groupId(), group.head(), Math::max);
            } else if (hint instanceof Hint.OfInbox own) {
                inbox = Math.max(inbox, own.head());
            }
            lastId = eventId;
        }
        flush();
    }

    @Override
    public void onInterrupted(IOException cause) {
        close();
    }

    /** Ends the stream after what is being written. The reader comes back by itself, here or at another node. */
    void close() {
        close("");
    }

    /** The same, and says {@code last} before. */
    void close(String last) {
        synchronized (this) {
            ending = true;
            farewell = last;
        }
        flush();
    }

    /** Called now and then: writes a heartbeat if nothing was written for long, and ends what has to end. */
    void tend(long nowMillis, Duration heartbeat, Duration stalled) {
        if (nowMillis >= expiresMillis) {
            close();
        }
        boolean beat = false;
        synchronized (this) {
            long idle = NanoTime.since(moved);
            if (!writing) {
                beat = idle >= heartbeat.toNanos() && !ending;
                if (beat) {
                    begun();
                }
            } else if (idle < stalled.toNanos()) {
                return;
            }
        }
        if (beat) {
            write(utf8(HEARTBEAT));
            flush();
        } else if (isStalled(stalled)) {
            abandon(new TimeoutException("the stream is not read"));
        }
    }

    private synchronized boolean isStalled(Duration stalled) {
        return writing && NanoTime.since(moved) >= stalled.toNanos();
    }

    /** Writes until nothing is left to be told, or until a part is on its way. */
    private void flush() {
        while (true) {
            ByteBuffer part;
            synchronized (this) {
                if (writing || over.get()) {
                    return;
                }
                if (ending) {
                    break;
                }
                if (groups.isEmpty() && inbox < 0) {
                    return;
                }
                part = utf8(nextPart());
                begun();
            }
            if (!write(part)) {
                return;
            }
        }
        if (over.compareAndSet(false, true)) {
            leave();
            exchange.end(utf8(farewell));
        }
    }

    /**
     * Writes a part. A part that is written at once is no reason to call {@link #flush} from within itself: hints that keep coming would
     * pile up calls on the stack.
     *
     * @return whether it is written already
     */
    private boolean write(ByteBuffer part) {
        AtomicInteger progress = new AtomicInteger();
        exchange.write(
                part,
                Callback.from(
                        () -> {
                            if (progress.getAndSet(1) != 0) {
                                written();
                            }
                        },
                        this::abandon));
        if (progress.getAndSet(1) == 0) {
            return false;
        }
        idle();
        return true;
    }

    private void written() {
        idle();
        flush();
    }

    private synchronized void begun() {
        writing = true;
        moved = NanoTime.now();
    }

    private synchronized void idle() {
        writing = false;
        moved = NanoTime.now();
    }

    private String nextPart() {
        StringBuilder out = new StringBuilder();
        Iterator<Map.Entry<Bytes, Long>> dirty = groups.entrySet().iterator();
        for (int i = 0; i < EVENTS_IN_PART && dirty.hasNext(); i++) {
            Map.Entry<Bytes, Long> group = dirty.next();
            boolean last = !dirty.hasNext() && inbox < 0;
            event(
                    out,
                    "group",
                    last,
                    "{\"groupId\":\"" + JsonValues.groupId(group.getKey()) + "\",\"head\":",
                    group.getValue());
            dirty.remove();
        }
        if (groups.isEmpty() && inbox >= 0) {
            event(out, "inbox", true, "{\"head\":", inbox);
            inbox = -1;
        }
        return out.toString();
    }

    private void event(StringBuilder out, String name, boolean last, String data, long head) {
        out.append("event: ").append(name).append('\n');
        if (last) {
            out.append("id: ").append(lastId).append('\n');
        }
        out.append("data: ").append(data).append(head).append("}\n\n");
    }

    /** Ends the stream without another word. */
    void abandon(Throwable failure) {
        if (over.compareAndSet(false, true)) {
            leave();
            exchange.fail(failure);
        }
    }

    private void leave() {
        subscription.close();
        whenEnded.accept(this);
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
