package org.coppice.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.ForwardingEngine;
import org.coppice.delivery.engine.Work;
import org.coppice.delivery.retention.Keeping;
import org.coppice.delivery.retention.Pruner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node prunes for as long as it runs. */
@Timeout(60)
class PruneTimerTest {
    /** Such as no memory left for a moment: nothing was pruned after that until the node was started again, and nobody was told. */
    @Test
    void goesOnAfterAnError() {
        AtomicInteger asked = new AtomicInteger();
        try (Engine engine = new ForwardingEngine(Servers.sqlite()) {
                    @Override
                    public <T> T write(Work<T> work) {
                        asked.incrementAndGet();
                        throw new StackOverflowError("while pruning");
                    }
                };
                PruneTimer timer = PruneTimer.start(
                        new Pruner(engine, Clock.systemUTC(), Keeping.DEFAULT), Duration.ofMillis(10))) {
            await().until(() -> asked.get() >= 3);
            await().until(() -> timer.chore().failures() >= 3);
            assertThat(timer.chore().name()).isEqualTo("pruning");
        }
    }
}
