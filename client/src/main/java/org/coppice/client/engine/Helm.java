package org.coppice.client.engine;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time drive a conversation. Who only waits for a while rests: then others may come in to read, though not to make
 * anything new, as what is asked for is settled in its order. Thread safe.
 */
final class Helm {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rested = lock.newCondition();
    private Thread resting;

    /** Some waiting. */
    @FunctionalInterface
    interface Rest {
        void run() throws InterruptedIOException;
    }

    /** Waits for its turn and takes the helm, to be left with {@link #leave}; false if this thread has it, further out, already. */
    boolean take() {
        if (lock.isHeldByCurrentThread()) {
            return false;
        }
        lock.lock();
        if (resting == Thread.currentThread()) {
            lock.unlock();
            return false;
        }
        return true;
    }

    void leave() {
        lock.unlock();
    }

    /** Whether another thread rests, and will go on with what is to be made. */
    boolean isSomebodyResting() {
        return resting != null;
    }

    /** Waits until nobody rests. */
    void awaitRested() throws InterruptedIOException {
        try {
            while (resting != null) {
                rested.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while others had their turn");
        }
    }

    /** Rests, once nobody else does. */
    void rest(Rest rest) throws InterruptedIOException {
        awaitRested();
        resting = Thread.currentThread();
        lock.unlock();
        try {
            rest.run();
        } finally {
            lock.lock();
            resting = null;
            rested.signalAll();
        }
    }
}
