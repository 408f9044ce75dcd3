package org.coppice.delivery.ops;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.coppice.delivery.api.DeliveryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that a node does for itself again and again. A timer forgets a task that throws, and says nothing; so a run that fails is
 * told and counted here, and the next one comes when it is due. Of runs that fail one after the other only the first is told. Thread safe
 * as its work is.
 */
public final class Chore implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Chore.class);

    private final String name;
    private final Work work;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicBoolean failing = new AtomicBoolean();

    /** What is done. */
    @FunctionalInterface
    public interface Work {
        /** Does it once. */
        void run() throws DeliveryException, IOException;
    }

    /** @param name what the log and the metrics call it, in lower case */
    public Chore(String name, Work work) {
        this.name = Objects.requireNonNull(name, "name");
        this.work = Objects.requireNonNull(work, "work");
    }

    /** What the log and the metrics call it. */
    public String name() {
        return name;
    }

    /** How many runs have failed. */
    public long failures() {
        return failures.get();
    }

    /** Does it once, and throws nothing. */
    @Override
    public void run() {
        try {
            work.run();
            if (failing.getAndSet(false)) {
                LOG.info("{} goes on", name);
            }
        } catch (DeliveryException | IOException | RuntimeException | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        failures.incrementAndGet();
        if (failing.getAndSet(true)) {
            return;
        }
        try {
            if (e instanceof DeliveryException || e instanceof IOException) {
                LOG.warn("{} was interrupted and is tried again: {}", name, e.getMessage());
            } else {
                LOG.error("{} failed and is tried again", name, e);
            }
        } catch (RuntimeException | Error unsayable) {
            // Such as no memory to say it with; it is counted.
            e.addSuppressed(unsayable);
        }
    }
}
