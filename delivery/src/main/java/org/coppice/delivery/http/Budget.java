package org.coppice.delivery.http;

import java.util.HashMap;
import java.util.Map;

/**
 * So many bytes that all bodies being read may take together. Whoever asks has at most half of what all others leave: so one alone may
 * have much while it is quiet, and however many take all that they get, something is left for the next. Thread safe.
 */
final class Budget {
    private final long max;
    private final Map<Object, Long> byOwner = new HashMap<>();
    private long used;

    Budget(long max) {
        this.max = max;
    }

    /** Takes {@code bytes} for {@code owner} if they are left for it. */
    synchronized boolean acquire(Object owner, long bytes) {
        long own = byOwner.getOrDefault(owner, 0L);
        if (own + bytes > (max - (used - own)) / 2) {
            return false;
        }
        add(owner, bytes);
        return true;
    }

    synchronized void release(Object owner, long bytes) {
        add(owner, -bytes);
    }

    synchronized long used() {
        return used;
    }

    private void add(Object owner, long bytes) {
        used += bytes;
        byOwner.merge(owner, bytes, (before, more) -> before + more == 0 ? null : before + more);
    }
}
