package org.coppice.delivery.http;

import java.util.HashMap;
import java.util.Map;

/**
 * So much that all together may take: bytes of bodies, or reads that wait. Whoever asks has at most half of what all others leave: so one
 * alone may have much while it is quiet, and however many take all that they get, something is left for the next. Thread safe.
 */
final class Budget {
    private final long max;
    private final Map<Object, Long> byOwner = new HashMap<>();
    private long used;

    Budget(long max) {
        this.max = max;
    }

    /** Takes {@code amount} for {@code owner} if it is left for it. */
    synchronized boolean acquire(Object owner, long amount) {
        long own = byOwner.getOrDefault(owner, 0L);
        if (own + amount > (max - (used - own)) / 2) {
            return false;
        }
        add(owner, amount);
        return true;
    }

    synchronized void release(Object owner, long amount) {
        add(owner, -amount);
    }

    synchronized long used() {
        return used;
    }

    private void add(Object owner, long amount) {
        used += amount;
        byOwner.merge(owner, amount, (before, more) -> before + more == 0 ? null : before + more);
    }
}
