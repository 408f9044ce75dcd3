package org.coppice.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.retention.Pruner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prunes now and then. */
final class PruneTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PruneTimer.class);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coppice-prune");
        thread.setDaemon(true);
        return thread;
    });

    static PruneTimer start(Pruner pruner, Duration every) {
        PruneTimer timer = new PruneTimer();
        if (!every.isZero()) {
            // prune throws nothing, so there is nothing that the future would tell.
            Future<?> unused = timer.executor.scheduleWithFixedDelay(
                    () -> prune(pruner), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
        return timer;
    }

    private static void prune(Pruner pruner) {
        try {
            pruner.prune();
        } catch (DeliveryException | IOException e) {
            LOG.warn("pruning was interrupted and goes on next time: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("pruning failed", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
