package org.coppice.delivery.hint;

import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.engine.SignalBus;
import org.coppice.mls.codec.Bytes;

/**
 * Tells this node's readers, and through the bus those of other nodes, what has grown. Every call returns at once. Thread safe.
 */
public final class HintHub implements AutoCloseable {
    private static final int THREADS = 4;

    private final SignalBus bus;
    private final Heads heads;
    private final Clock clock;
    private final Waiters waiters = new Waiters();
    private final Map<Bytes, Set<HintStream>> byGroup = new ConcurrentHashMap<>();
    private final Map<ClientId, Set<HintStream>> byClient = new ConcurrentHashMap<>();
    private final AtomicInteger threadCount = new AtomicInteger();
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "coppice-hints-" + threadCount.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param bus reaches the other nodes
     * @param heads where streams begin
     * @param clock what time it is
     */
    public HintHub(SignalBus bus, Heads heads, Clock clock) {
        this.bus = Objects.requireNonNull(bus, "bus");
        this.heads = Objects.requireNonNull(heads, "heads");
        this.clock = Objects.requireNonNull(clock, "clock");
        bus.listen(this::receive, this::lookEverywhere);
    }

    // ---- what happened

    /** A group's log has grown to {@code head}. */
    public void groupMoved(Bytes groupId, long head) {
        tellGroup(groupId, head);
        bus.send("g " + groupId.toHex() + " " + head);
    }

    /** A client's inbox has grown to {@code head}. */
    public void inboxMoved(ClientId client, long head) {
        tellInbox(client, head);
        bus.send("i " + client + " " + head);
    }

    /** A client has become a member of a group, or is none any more. */
    public void membershipMoved(ClientId client) {
        tellMembership(client);
        bus.send("m " + client);
    }

    /** Logins of a client have ended: its streams see whether theirs still stands. */
    public void loginsMoved(ClientId client) {
        // A stream that looks at its memberships looks at its login first, also at a node that knows of no more than
        // memberships.
        membershipMoved(client);
    }

    private void tellGroup(Bytes groupId, long head) {
        waiters.wake(new Topic.OfGroup(groupId));
        byGroup.getOrDefault(groupId, Set.of()).forEach(stream -> stream.groupMoved(groupId, head));
    }

    private void tellInbox(ClientId client, long head) {
        waiters.wake(new Topic.OfInbox(client));
        byClient.getOrDefault(client, Set.of()).forEach(stream -> stream.inboxMoved(head));
    }

    private void tellMembership(ClientId client) {
        byClient.getOrDefault(client, Set.of()).forEach(HintStream::lookAgain);
    }

    /** A signal of another node; what cannot be read is of a release that this one does not know. */
    private void receive(String signal) {
        String[] words = signal.split(" ", -1);
        try {
            if (words[0].equals("g") && words.length == 3) {
                tellGroup(Bytes.fromHex(words[1]), Long.parseLong(words[2]));
            } else if (words[0].equals("i") && words.length == 3) {
                tellInbox(ClientId.parse(words[1]), Long.parseLong(words[2]));
            } else if (words[0].equals("m") && words.length == 2) {
                tellMembership(ClientId.parse(words[1]));
            }
        } catch (IllegalArgumentException e) {
            lookEverywhere();
        }
    }

    private void lookEverywhere() {
        waiters.wakeAll();
        byClient.values().forEach(streams -> streams.forEach(HintStream::lookAgain));
    }

    // ---- who wants to know

    /** A waiter for what grows from now on; the caller closes it. */
    public Waiter waiter(Topic topic) {
        return waiters.add(topic);
    }

    /** How many reads wait. */
    public int waiting() {
        return waiters.size();
    }

    /** How many streams are open. */
    public int streams() {
        return byClient.values().stream().mapToInt(Set::size).sum();
    }

    /**
     * Begins a stream, with all that moved since {@code lastEventId} or with everything.
     *
     * @param login without which it ends
     * @throws DeliveryException {@link ProblemKind#UNAUTHENTICATED} if that does not stand even now
     */
    public Subscription subscribe(
            ClientId client, LoginCheck login, HintListener listener, Optional<String> lastEventId)
            throws DeliveryException, IOException {
        HintStream stream = new HintStream(this, client, login, listener);
        byClient.compute(client, (key, streams) -> with(streams, stream));
        try {
            stream.begin(lastEventId);
        } catch (DeliveryException | IOException | RuntimeException | Error e) {
            stream.close();
            throw e;
        }
        return stream;
    }

    private static Set<HintStream> with(Set<HintStream> streams, HintStream stream) {
        Set<HintStream> out = streams == null ? ConcurrentHashMap.newKeySet() : streams;
        out.add(stream);
        return out;
    }

    private static Set<HintStream> without(Set<HintStream> streams, HintStream stream) {
        if (streams != null) {
            streams.remove(stream);
        }
        return streams == null || streams.isEmpty() ? null : streams;
    }

    void follow(HintStream stream, Bytes groupId) {
        byGroup.compute(groupId, (key, streams) -> with(streams, stream));
    }

    void unfollow(HintStream stream, Bytes groupId) {
        byGroup.compute(groupId, (key, streams) -> without(streams, stream));
    }

    void forget(HintStream stream, ClientId client) {
        byClient.compute(client, (key, streams) -> without(streams, stream));
    }

    Heads heads() {
        return heads;
    }

    long now() {
        return clock.millis();
    }

    /** Runs a stream's own work soon; a stream has one task at a time. */
    void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // The hub is closing, and the stream with it.
            return;
        }
    }

    /** Ends all streams and waits. */
    @Override
    public void close() {
        for (Set<HintStream> streams : Set.copyOf(byClient.values())) {
            new HashSet<>(streams).forEach(stream -> stream.interrupt(new IOException("the service is stopping")));
        }
        waiters.wakeAll();
        executor.shutdown();
    }
}
