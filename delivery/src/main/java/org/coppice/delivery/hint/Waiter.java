package org.coppice.delivery.hint;

import java.io.InterruptedIOException;

/** One read that waits. Wake-ups before the wait count, so nothing is missed between looking and waiting. Thread safe. */
public final class Waiter implements AutoCloseable {
    private final Waiters waiters;
    private final Topic topic;
    private boolean woken;

    Waiter(Waiters waiters, Topic topic) {
        this.waiters = waiters;
        this.topic = topic;
    }

    Topic topic() {
        return topic;
    }

    /** Waits until something may have grown, or {@code millis} are over. */
    public synchronized void await(long millis) throws InterruptedIOException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        try {
            while (!woken) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    break;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while it waited");
            interrupted.initCause(e);
            throw interrupted;
        }
        woken = false;
    }

    /** Ends a wait. */
    public synchronized void wake() {
        woken = true;
        notifyAll();
    }

    @Override
    public void close() {
        waiters.remove(this);
    }
}
