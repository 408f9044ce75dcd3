package org.coppice.client.http;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.Subscription;
import org.coppice.mls.codec.Bytes;

/**
 * Hints by asking: the heads of all groups every few seconds, with a waiting read of the inbox for a pause. For networks that keep
 * streams back, and for those who would rather not hold one open (RFC 9750 §8.4.2).
 */
final class PollingHints implements Subscription, Runnable {
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** Between two rounds, however much is new: more than that is no hint but a burden. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);

    private final HttpSession session;
    private final HintListener listener;
    private Map<Bytes, Long> heads = Map.of();
    private long inbox;
    private volatile boolean closed;
    private volatile Thread thread;

    private PollingHints(HttpSession session, HintListener listener) {
        this.session = session;
        this.listener = listener;
    }

    static PollingHints begin(HttpSession session, HintListener listener) {
        PollingHints out = new PollingHints(session, listener);
        Thread thread = new Thread(out, "coppice-hints");
        thread.setDaemon(true);
        out.thread = thread;
        thread.start();
        return out;
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                long begun = System.nanoTime();
                boolean isNew = lookAtGroups() | lookAtInbox();
                // The read of the inbox is the pause, unless the service answers at once.
                Duration spent = Duration.ofNanos(System.nanoTime() - begun);
                Duration left = (isNew ? SHORTEST_PAUSE : PAUSE).minus(spent);
                if (!left.isNegative() && !closed) {
                    session.transport().pause(left);
                }
            }
        } catch (IOException e) {
            end(e);
        } catch (DeliveryException e) {
            end(new IOException("the service gives no hints: " + e.getMessage(), e));
        } catch (RuntimeException e) {
            // Nobody else would tell that this thread is gone, and who listens would wait for hints for ever.
            end(new IOException("no more hints", e));
        }
    }

    private boolean lookAtGroups() throws DeliveryException, IOException {
        Map<Bytes, Long> present = new HashMap<>();
        boolean isNew = false;
        for (GroupHead group : session.groups()) {
            present.put(group.groupId(), group.head());
            if (heads.getOrDefault(group.groupId(), -1L) < group.head()) {
                isNew = true;
                listener.onHint(new Hint.OfGroup(group.groupId(), group.head()), "");
            }
        }
        // No more than the service has now.
        heads = present;
        return isNew;
    }

    private boolean lookAtInbox() throws DeliveryException, IOException {
        List<InboxEntry> entries = session.inbox(inbox, 1, PAUSE);
        if (entries.isEmpty() || entries.get(entries.size() - 1).seq() <= inbox) {
            return false;
        }
        inbox = entries.get(entries.size() - 1).seq();
        listener.onHint(new Hint.OfInbox(inbox), "");
        return true;
    }

    private void end(IOException cause) {
        if (!closed) {
            closed = true;
            listener.onInterrupted(cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        Thread present = thread;
        if (present != null && present != Thread.currentThread()) {
            present.interrupt();
        }
    }
}
