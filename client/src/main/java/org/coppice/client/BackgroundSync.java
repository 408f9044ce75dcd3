package org.coppice.client;

import java.io.IOException;
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

/**
 * The loop that keeps a client up to date. Hints only say where to look; everything is read from the log, and looked at as a whole every
 * few minutes, so that a lost hint costs time and nothing else. Thread safe.
 */
public final class BackgroundSync implements Runnable, AutoCloseable {
    private static final long FULL_MILLIS = TimeUnit.MINUTES.toMillis(5);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final Engine engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Bytes> groups = new LinkedHashSet<>();
    private boolean inbox;
    private boolean everything = true;
    private boolean hurry;
    private boolean interrupted = true;
    private boolean closed;
    private boolean ended;
    private String lastEventId;
    private Subscription subscription;
    private Optional<Exception> trouble = Optional.empty();

    BackgroundSync(Engine engine) {
        this.engine = engine;
    }

    /** Where to look. */
    private record Work(boolean subscribe, boolean everything, boolean inbox, Set<Bytes> groups) {}

    @Override
    public void run() {
        long pause = 0;
        try {
            while (true) {
                Optional<Work> work = next(pause);
                if (work.isEmpty()) {
                    return;
                }
                pause = tryToDo(work.get())
                        ? 0
                        : Math.min(LONGEST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, 2 * pause));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** Waits for something to do, at least {@code pause} milliseconds; empty once this is closed. */
    private Optional<Work> next(long pause) throws InterruptedException {
        long now = System.nanoTime();
        long notBefore = now + TimeUnit.MILLISECONDS.toNanos(pause);
        long full = now + TimeUnit.MILLISECONDS.toNanos(untilDue());
        lock.lock();
        try {
            while (!closed && !engine.isClosed()) {
                now = System.nanoTime();
                boolean idle = !everything && !inbox && groups.isEmpty() && !interrupted;
                if (now < notBefore && !hurry) {
                    changed.awaitNanos(notBefore - now);
                } else if (idle && now < full) {
                    changed.awaitNanos(full - now);
                } else {
                    Work out = new Work(interrupted, everything || idle, inbox, Set.copyOf(groups));
                    interrupted = false;
                    everything = false;
                    hurry = false;
                    inbox = false;
                    groups.clear();
                    return Optional.of(out);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
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
            note(Optional.empty());
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
            subscribe();
        }
        if (work.everything() || work.subscribe()) {
            engine.sync();
            return;
        }
        if (work.inbox()) {
            engine.syncInbox();
        }
        for (Bytes group : work.groups()) {
            engine.sync(group);
        }
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
     * Why the last round came to no end: an {@link IOException} if the service cannot be reached, a {@link DeliveryException} if it
     * refuses to work for this client, a {@link org.coppice.client.store.StoreException} if the store fails, and any other unchecked
     * exception of what the application handed in, such as its clock. Empty if all is well, or nothing was tried yet. The loop tries
     * again after a pause, which doubles from a quarter of a second to a minute; {@link #wake} ends it.
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
        lock.lock();
        try {
            from = Optional.ofNullable(lastEventId);
            if (subscription != null) {
                subscription.close();
                subscription = null;
            }
        } finally {
            lock.unlock();
        }
        Subscription next = engine.subscribe(new Listener(), from);
        lock.lock();
        try {
            subscription = next;
            if (closed) {
                next.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Listener implements HintListener {
        @Override
        public void onHint(Hint hint, String eventId) {
            lock.lock();
            try {
                lastEventId = eventId;
                if (hint instanceof Hint.OfGroup group) {
                    groups.add(group.groupId());
                } else {
                    inbox = true;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onInterrupted(IOException cause) {
            lock.lock();
            try {
                subscription = null;
                interrupted = true;
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

    /** Ends the loop, and waits until it has ended. The client goes on to work. */
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
