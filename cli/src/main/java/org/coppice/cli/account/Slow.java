package org.coppice.cli.account;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Tells a person who waits that it is for the server, once, if it takes longer than one waits without a word. */
final class Slow {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final CountDownLatch done = new CountDownLatch(1);

    private Slow() {}

    /**
     * Begins to watch something that this thread does.
     *
     * @param tell is run by another thread
     * @param isAnswering whether there is nothing to tell
     */
    static Slow watch(Runnable tell, BooleanSupplier isAnswering) {
        Slow out = new Slow();
        Thread thread = new Thread(() -> out.await(tell, isAnswering), "coppice-slow");
        thread.setDaemon(true);
        thread.start();
        return out;
    }

    private void await(Runnable tell, BooleanSupplier isAnswering) {
        try {
            if (!done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && !isAnswering.getAsBoolean()) {
                tell.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is watched is done, or has failed. */
    void end() {
        done.countDown();
    }
}
