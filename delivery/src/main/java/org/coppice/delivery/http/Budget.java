package org.coppice.delivery.http;

import java.util.concurrent.atomic.AtomicLong;

/** So many bytes that all bodies being read may take together. Thread safe. */
final class Budget {
    private final long max;
    private final AtomicLong used = new AtomicLong();

    Budget(long max) {
        this.max = max;
    }

    /** Takes {@code bytes} if they are left. */
    boolean acquire(long bytes) {
        if (used.addAndGet(bytes) <= max) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
