package org.coppice.testkit.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Threads of a contract that write at the same time. */
public final class Crew {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Nobody yet. */
    public Crew() {}

    /** Starts another thread. */
    public void go(ContractCase.Check work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        });
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Whether a thread is still at its work. */
    public boolean isAtWork() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    /**
     * Waits for all, but not longer than {@code patience}; says whether all are done.
     *
     * @throws AssertionError if one of them failed
     */
    public boolean await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
        if (!isAtWork()) {
            await();
        }
        return !isAtWork();
    }

    /**
     * Waits for all.
     *
     * @throws AssertionError if one of them failed
     */
    public void await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("a thread failed: " + failure.get(), failure.get());
        }
    }
}
