package org.coppice.delivery;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.coppice.delivery.ops.Chore;
import org.coppice.delivery.retention.Pruner;

/** Prunes now and then. */
final class PruneTimer implements AutoCloseable {
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coppice-prune");
        thread.setDaemon(true);
        return thread;
    });
    private final Chore chore;

    private PruneTimer(Chore chore) {
        this.chore = chore;
    }

    static PruneTimer start(Pruner pruner, Duration every) {
        PruneTimer timer = new PruneTimer(new Chore("pruning", pruner::prune));
        if (!every.isZero()) {
            // A chore throws nothing, so there is nothing that the future would tell.
            Future<?> unused = timer.executor.scheduleWithFixedDelay(
                    timer.chore, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
        return timer;
    }

    Chore chore() {
        return chore;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
