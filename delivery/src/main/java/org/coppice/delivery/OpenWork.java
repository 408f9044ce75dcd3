package org.coppice.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.hint.Topic;
import org.coppice.delivery.hint.Waiter;

/** What a session has going on: reads that wait, and streams. Thread safe. */
final class OpenWork implements AutoCloseable {
    /** A wake-up that another node sent may be lost, so a wait looks by itself now and then. */
    private static final long LOOK_MILLIS = 3000;

    private final Set<Waiter> waiters = new HashSet<>();
    private final Set<Subscription> subscriptions = new HashSet<>();
    private boolean closed;

    /** Something to be read. */
    @FunctionalInterface
    interface Read<T> {
        T get() throws DeliveryException, IOException;
    }

    void requireOpen() throws DeliveryException {
        if (isClosed()) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "the session is closed")
                    .asException();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Reads, and again as often as {@code topic} moves, until there is something or the time is over. */
    <T> T await(Workshop workshop, Topic topic, Duration wait, Read<T> read, Predicate<T> isSomething)
            throws DeliveryException, IOException {
        Duration longest = workshop.limits().sizes().longestWait();
        long millis = (wait.compareTo(longest) < 0 ? wait : longest).toMillis();
        if (millis <= 0) {
            return read.get();
        }
        long deadline = System.nanoTime() + millis * 1_000_000;
        try (Waiter waiter = workshop.hub().waiter(topic)) {
            add(waiter);
            try {
                while (true) {
                    T found = read.get();
                    long left = (deadline - System.nanoTime()) / 1_000_000;
                    if (isSomething.test(found) || left <= 0 || isClosed()) {
                        return found;
                    }
                    waiter.await(Math.min(left, LOOK_MILLIS));
                }
            } finally {
                remove(waiter);
            }
        }
    }

    private synchronized void add(Waiter waiter) {
        waiters.add(waiter);
    }

    private synchronized void remove(Waiter waiter) {
        waiters.remove(waiter);
    }

    Subscription add(Subscription subscription) {
        synchronized (this) {
            if (!closed) {
                subscriptions.add(subscription);
                return () -> end(subscription);
            }
        }
        subscription.close();
        return subscription;
    }

    private void end(Subscription subscription) {
        synchronized (this) {
            subscriptions.remove(subscription);
        }
        subscription.close();
    }

    @Override
    public void close() {
        Set<Subscription> ending;
        synchronized (this) {
            closed = true;
            waiters.forEach(Waiter::wake);
            ending = new HashSet<>(subscriptions);
            subscriptions.clear();
        }
        ending.forEach(Subscription::close);
    }
}
