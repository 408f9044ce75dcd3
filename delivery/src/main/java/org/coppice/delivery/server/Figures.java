package org.coppice.delivery.server;

import java.io.IOException;
import java.time.Duration;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.ops.Metrics;

/**
 * How much the whole service has, over all nodes. The engine has to look at every group for it, so it is asked once a minute at most,
 * however often somebody wants to know. Thread safe.
 */
final class Figures {
    private static final long MAX_AGE = Duration.ofMinutes(1).toNanos();

    private final Engine engine;
    private Known known = new Known(Double.NaN, Double.NaN);
    private boolean asked;
    private long when;

    private record Known(double groups, double entries) {}

    private Figures(Engine engine) {
        this.engine = engine;
    }

    static void register(Engine engine, Metrics metrics) {
        Figures figures = new Figures(engine);
        metrics.gauge(
                "coppice.groups",
                "Groups of the service, as of a minute ago at most",
                () -> figures.now().groups());
        metrics.gauge(
                "coppice.log.heads",
                "The heads of all logs summed up, as of a minute ago at most",
                () -> figures.now().entries());
    }

    private synchronized Known now() {
        if (!asked || System.nanoTime() - when > MAX_AGE) {
            asked = true;
            when = System.nanoTime();
            try {
                known = engine.read(tx -> tx.first(
                                "SELECT COUNT(*), COALESCE(SUM(head_seq), 0) FROM grp",
                                row -> new Known(row.int64(1), row.int64(2)))
                        .orElseThrow());
            } catch (DeliveryException | IOException e) {
                known = new Known(Double.NaN, Double.NaN); // not known now, which Prometheus has a number for
            }
        }
        return known;
    }
}
