package org.coppice.delivery.server;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.ops.Metrics;

/**
 * How much the whole service has, over all nodes. The engine has to look at every group for it, so it is asked once a minute at most,
 * however often somebody wants to know, and for no more than a hundredth of the time, however many groups there are. A count that is kept
 * would make all who create groups wait for one row. Thread safe.
 */
final class Figures {
    private static final long LEAST_PAUSE = Duration.ofMinutes(1).toNanos();
    /** How much longer the pause after a look is than the look. */
    private static final long PAUSE_PER_LOOK = 100;

    private final Engine engine;
    private Known known = new Known(Double.NaN, Double.NaN);
    private final LongSupplier nanos;
    private boolean asked;
    private long ended;
    private long pause;

    private record Known(double groups, double entries) {}

    private Figures(Engine engine, LongSupplier nanos) {
        this.engine = engine;
        this.nanos = nanos;
    }

    static void register(Engine engine, Metrics metrics) {
        register(engine, metrics, System::nanoTime);
    }

    /** @param nanos what time it is, as {@link System#nanoTime} tells it */
    static void register(Engine engine, Metrics metrics, LongSupplier nanos) {
        Figures figures = new Figures(engine, nanos);
        metrics.gauge(
                "coppice.groups",
                "Groups of the service, as of a minute ago, or of a hundred times as long as counting takes",
                () -> figures.now().groups());
        metrics.gauge(
                "coppice.log.heads",
                "The heads of all logs summed up, as old as coppice.groups",
                () -> figures.now().entries());
    }

    private synchronized Known now() {
        long began = nanos.getAsLong();
        if (!asked || began - ended > pause) {
            asked = true;
            try {
                known = engine.read(tx -> tx.first(
                                "SELECT COUNT(*), COALESCE(SUM(head_seq), 0) FROM grp",
                                row -> new Known(row.int64(1), row.int64(2)))
                        .orElseThrow());
            } catch (DeliveryException | IOException e) {
                known = new Known(Double.NaN, Double.NaN); // not known now, which Prometheus has a number for
            }
            ended = nanos.getAsLong();
            pause = Math.max(LEAST_PAUSE, PAUSE_PER_LOOK * (ended - began));
        }
        return known;
    }
}
