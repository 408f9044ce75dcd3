package org.coppice.delivery.hint;

import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Subscription;
import org.coppice.mls.codec.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream. What waits to be told is kept once for each topic, with the newest head: a slow listener costs no more than its
 * groups are many. The listener is called by one thread at a time, and never under a lock.
 *
 * <p>The id of an event is a time before which all that moved was told. Clocks of nodes differ a little, so resuming goes back
 * further than the id says; a hint too many does no harm.
 */
final class HintStream implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(HintStream.class);
    private static final long SKEW_MILLIS = 30_000;

    private final HintHub hub;
    private final ClientId client;
    private final LoginCheck login;
    private final HintListener listener;
    private final Set<Bytes> groups = new HashSet<>();
    private final Map<Topic, Waiting> waiting = new LinkedHashMap<>();
    private boolean scheduled;
    private boolean lookAgain;
    private boolean closed;

    private record Waiting(long head, long since) {}

    HintStream(HintHub hub, ClientId client, LoginCheck login, HintListener listener) {
        this.hub = hub;
        this.client = client;
        this.login = login;
        this.listener = listener;
    }

    void begin(Optional<String> lastEventId) throws DeliveryException, IOException {
        // The hub knows the stream already: a login that ends from here on is told.
        if (!login.stands()) {
            throw loggedOut();
        }
        long since = lastEventId.flatMap(HintStream::time).orElse(Long.MIN_VALUE + SKEW_MILLIS) - SKEW_MILLIS;
        // Twice: a group may move after the first look and before its moves are followed.
        follow(hub.heads().of(client));
        Heads.Snapshot snapshot = hub.heads().of(client);
        for (Heads.Moved group : snapshot.groups()) {
            if (group.movedMillis() >= since) {
                groupMoved(group.groupId(), group.head());
            }
        }
        if (snapshot.inbox() > 0) {
            inboxMoved(snapshot.inbox());
        }
    }

    private static DeliveryException loggedOut() {
        return Problem.of(ProblemKind.UNAUTHENTICATED, "the login has ended").asException();
    }

    private static Optional<Long> time(String eventId) {
        try {
            return Optional.of(Long.parseLong(eventId));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private synchronized void follow(Heads.Snapshot snapshot) {
        if (closed) {
            return;
        }
        Set<Bytes> present = new HashSet<>();
        for (Heads.Moved group : snapshot.groups()) {
            present.add(group.groupId());
            if (groups.add(group.groupId())) {
                hub.follow(this, group.groupId());
            }
        }
        Iterator<Bytes> all = groups.iterator();
        while (all.hasNext()) {
            Bytes group = all.next();
            if (!present.contains(group)) {
                hub.unfollow(this, group);
                all.remove();
            }
        }
    }

    void groupMoved(Bytes groupId, long head) {
        offer(new Topic.OfGroup(groupId), head);
    }

    void inboxMoved(long head) {
        offer(new Topic.OfInbox(client), head);
    }

    private synchronized void offer(Topic topic, long head) {
        if (!closed) {
            waiting.merge(
                    topic,
                    new Waiting(head, hub.now()),
                    (old, now) -> new Waiting(Math.max(old.head(), now.head()), old.since()));
            schedule();
        }
    }

    /** Memberships may have changed, or hints were lost. */
    synchronized void lookAgain() {
        lookAgain = true;
        schedule();
    }

    private void schedule() {
        if (!scheduled && !closed) {
            scheduled = true;
            hub.run(this::work);
        }
    }

    private void work() {
        try {
            tellAll();
        } catch (RuntimeException | Error e) {
            // Whatever it was: a stream that says nothing any more would be taken for one with nothing to say.
            LOG.error("a listener of hints failed", e);
            interrupt(new IOException("the listener failed", e));
        }
    }

    private void tellAll() {
        while (true) {
            boolean look;
            Topic topic;
            Waiting told;
            long eventId;
            synchronized (this) {
                if (closed || !lookAgain && waiting.isEmpty()) {
                    scheduled = false;
                    return;
                }
                look = lookAgain;
                lookAgain = false;
                Iterator<Map.Entry<Topic, Waiting>> oldest = waiting.entrySet().iterator();
                Map.Entry<Topic, Waiting> next = look || !oldest.hasNext() ? null : oldest.next();
                topic = next == null ? null : next.getKey();
                told = next == null ? null : next.getValue();
                if (next != null) {
                    oldest.remove();
                }
                // All that waits still came later than this.
                eventId = told == null ? 0 : told.since();
            }
            if (look) {
                look();
            } else if (topic instanceof Topic.OfGroup group) {
                listener.onHint(new Hint.OfGroup(group.groupId(), told.head()), Long.toString(eventId));
            } else {
                listener.onHint(new Hint.OfInbox(told.head()), Long.toString(eventId));
            }
        }
    }

    private void look() {
        try {
            if (!login.stands()) {
                interrupt(new IOException("the login has ended", loggedOut()));
                return;
            }
            Heads.Snapshot snapshot = hub.heads().of(client);
            follow(snapshot);
            for (Heads.Moved group : snapshot.groups()) {
                groupMoved(group.groupId(), group.head());
            }
            if (snapshot.inbox() > 0) {
                inboxMoved(snapshot.inbox());
            }
        } catch (DeliveryException | IOException e) {
            interrupt(new IOException("the groups of the client cannot be read now", e));
        }
    }

    /** Ends the stream and says why. */
    void interrupt(IOException cause) {
        boolean first;
        synchronized (this) {
            first = !closed;
        }
        close();
        if (first) {
            listener.onInterrupted(cause);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            groups.forEach(group -> hub.unfollow(this, group));
            groups.clear();
            waiting.clear();
        }
        hub.forget(this, client);
    }
}
