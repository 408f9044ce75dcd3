package org.coppice.client;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.coppice.client.engine.Engine;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.Subscription;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;

/**
 * The loop that keeps a client up to date. Hints only say where to look; everything is read from the log, and looked at as a whole every
 * few minutes, so that a lost hint costs time and nothing else. Thread safe.
 */
public final class BackgroundSync implements Runnable, AutoCloseable {
    private static final long FULL_MILLIS = TimeUnit.MINUTES.toMillis(5);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = TimeUnit.MINUTES.toMillis(1);
    /** From a failure to the next hint that is followed: hints may come by the thousand, and to the one thing that fails. */
    private static final long HINT_PAUSE_MILLIS = TimeUnit.SECONDS.toMillis(1);
    /** From one subscription to the next: something on the way may end each as soon as it has begun. */
    private static final long SUBSCRIPTION_PAUSE_MILLIS = TimeUnit.SECONDS.toMillis(2);
    /** More than a service with a hundred thousand readers asks for. */
    private static final Duration LONGEST_TOLD_PAUSE = Duration.ofMinutes(2);
    /** Hints are followed one by one up to so many bytes of group ids; more of them are a reason to look at everything. */
    private static final int MAX_HINTED_BYTES = 1 << 16;

    private final Engine engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Bytes> groups = new LinkedHashSet<>();
    private int hintedBytes;
    private boolean inbox;
    private boolean everything = true;
    private boolean hurry;
    private boolean interrupted = true;
    private boolean closed;
    private boolean ended;
    private String lastEventId;
    private Subscription subscription;
    /** Of the present subscription, or the one that is being made. */
    private Listener listener;
    /** From when on the next subscription may begin. */
    private long subscribeFrom = System.nanoTime();

    private Optional<Exception> trouble = Optional.empty();

    // ---- of the loop's thread alone

    /** From the last failure to the next look at everything; 0 if the last one had none. */
    private long pause;

    private long retryAt;
    private long hintsFrom = System.nanoTime();

    BackgroundSync(Engine engine) {
        this.engine = engine;
    }

    /** Where to look. */
    private record Work(boolean subscribe, boolean everything, boolean inbox, Set<Bytes> groups) {
        boolean isWhole() {
            return subscribe || everything;
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                Optional<Work> work = next();
                if (work.isEmpty()) {
                    return;
                }
                boolean done = tryToDo(work.get());
                if (!done) {
                    failed(work.get());
                } else if (work.get().isWhole()) {
                    pause = 0;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void failed(Work work) {
        long now = System.nanoTime();
        hintsFrom = now + TimeUnit.MILLISECONDS.toNanos(HINT_PAUSE_MILLIS);
        if (work.isWhole() || pause == 0) {
            pause = Math.min(LONGEST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, 2 * pause));
            retryAt = now + TimeUnit.MILLISECONDS.toNanos(pause / 2 + jitter(pause / 2));
        }
    }

    /** A random part of a time: what happened to this client happened to many, and all at once they would be too many. */
    private long jitter(long millis) {
        return part(engine.environment().randomness(), millis);
    }

    /** At random from 0 to below {@code millis}, which is not above a day. */
    static long part(Randomness randomness, long millis) {
        byte[] random = randomness.bytes(2);
        return millis * ((random[0] & 0xff) << 8 | random[1] & 0xff) >> 16;
    }

    /**
     * Waits for something to do; empty once this is closed. In the pause after a failure hints are followed, as it may be one
     * conversation that is put off.
     */
    private Optional<Work> next() throws InterruptedException {
        long full = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(untilDue());
        lock.lock();
        try {
            while (!isClosed()) {
                long now = System.nanoTime();
                boolean hinted = inbox || !groups.isEmpty();
                if (pause > 0 && now - retryAt < 0 && !hurry) {
                    if (hinted && now - hintsFrom >= 0) {
                        return Optional.of(taken(false, false));
                    }
                    long until = hinted ? Math.min(retryAt - now, hintsFrom - now) : retryAt - now;
                    changed.awaitNanos(until);
                    continue;
                }
                boolean subscribe = interrupted && now - subscribeFrom >= 0;
                if (everything || hinted || subscribe || now - full >= 0) {
                    boolean whole = everything || !hinted && !subscribe;
                    interrupted &= !subscribe;
                    everything = false;
                    hurry = false;
                    return Optional.of(taken(subscribe, whole));
                }
                changed.awaitNanos(interrupted ? Math.min(full - now, subscribeFrom - now) : full - now);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed || engine.isClosed();
        } finally {
            lock.unlock();
        }
    }

    private Work taken(boolean subscribe, boolean whole) {
        Work out = new Work(subscribe, whole, inbox, Set.copyOf(groups));
        inbox = false;
        groups.clear();
        hintedBytes = 0;
        return out;
    }

    private long untilDue() {
        long due;
        try {
            due = engine.nextDue() - engine.environment().clock().millis();
        } catch (RuntimeException e) {
            // The next round meets what is wrong, and tells it.
            due = 0;
        }
        return Math.max(FIRST_PAUSE_MILLIS, Math.min(FULL_MILLIS, due));
    }

    private boolean tryToDo(Work work) {
        try {
            work(work);
            if (work.isWhole()) {
                note(Optional.empty());
            }
            return true;
        } catch (DeliveryException | IOException | RuntimeException e) {
            lock.lock();
            try {
                everything = true;
                interrupted |= subscription == null;
            } finally {
                lock.unlock();
            }
            note(Optional.of(e));
            return false;
        }
    }

    private void work(Work work) throws DeliveryException, IOException {
        if (work.subscribe()) {
            try {
                subscribe();
            } catch (DeliveryException | IOException e) {
                // A node that has no place for another stream may well answer all else.
                if (!isClosed()) {
                    engine.sync();
                }
                throw e;
            }
        }
        if (work.isWhole()) {
            engine.sync();
            return;
        }
        engine.sync(work.inbox(), work.groups());
    }

    private void note(Optional<Exception> now) {
        lock.lock();
        try {
            trouble = now;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Why the last look at everything, or something since, came to no end: an {@link IOException} if the service cannot be reached, a
     * {@link DeliveryException} if it refuses to work for this client, a {@link org.coppice.client.store.StoreException} if the store
     * fails, and any other unchecked exception of what the application handed in, such as its clock. Empty if all is well, or nothing was
     * tried yet. The loop tries again after a pause, which doubles from a quarter of a second to a minute; {@link #wake} ends it. Hints are
     * followed meanwhile.
     */
    public Optional<Exception> trouble() {
        lock.lock();
        try {
            return trouble;
        } finally {
            lock.unlock();
        }
    }

    private void subscribe() throws DeliveryException, IOException {
        Optional<String> from;
        Listener mine = new Listener();
        lock.lock();
        try {
            listener = mine;
            from = Optional.ofNullable(lastEventId);
            if (subscription != null) {
                subscription.close();
                subscription = null;
            }
        } finally {
            lock.unlock();
        }
        Subscription next = engine.subscribe(mine, from);
        lock.lock();
        try {
            subscribeFrom = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SUBSCRIPTION_PAUSE_MILLIS);
            subscription = next;
            if (closed) {
                next.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Listener implements HintListener {
        /** How long the service wants a pause after this subscription; null if it did not say. */
        private volatile Duration told;

        @Override
        public void onHint(Hint hint, String eventId) {
            lock.lock();
            try {
                if (this == listener) {
                    lastEventId = eventId;
                }
                if (hint instanceof Hint.OfGroup group) {
                    hinted(group.groupId());
                } else {
                    inbox = true;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void hinted(Bytes groupId) {
            if (groups.add(groupId)) {
                hintedBytes += groupId.length();
            }
            if (hintedBytes > MAX_HINTED_BYTES) {
                groups.clear();
                hintedBytes = 0;
                everything = true;
            }
        }

        @Override
        public void onPause(Duration pause) {
            told = pause.compareTo(LONGEST_TOLD_PAUSE) < 0 ? pause : LONGEST_TOLD_PAUSE;
        }

        @Override
        public void onInterrupted(IOException cause) {
            Duration last = told;
            long spread =
                    last == null ? TimeUnit.MILLISECONDS.toNanos(jitter(SUBSCRIPTION_PAUSE_MILLIS)) : last.toNanos();
            lock.lock();
            try {
                if (this != listener) {
                    // Of a stream that another one has followed.
                    return;
                }
                subscription = null;
                interrupted = true;
                long now = System.nanoTime();
                subscribeFrom = now + spread - subscribeFrom > 0 ? now + spread : subscribeFrom;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void end() {
        lock.lock();
        try {
            if (subscription != null) {
                subscription.close();
                subscription = null;
            }
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Looks at everything now, however often that was in vain: for when the network is back, or a person asks. */
    public void wake() {
        lock.lock();
        try {
            everything = true;
            hurry = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the loop, and waits until it has ended: for the request that is under way, too, as long as that may take where the service is
     * silent. The client goes on to work; closing the client first ends the request.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (!ended) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
