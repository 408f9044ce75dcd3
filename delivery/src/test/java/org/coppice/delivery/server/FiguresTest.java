package org.coppice.delivery.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.ForwardingEngine;
import org.coppice.delivery.engine.Work;
import org.coppice.delivery.ops.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All groups are looked at for their number: not for each who asks. */
class FiguresTest {
    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private Duration look = Duration.ofMillis(1);

    /** An engine whose reads are counted, and take as long as this test says. */
    private final class Timed extends ForwardingEngine {
        Timed() {
            super(Servers.sqlite(directory));
        }

        @Override
        public <T> T read(Work<T> work) throws DeliveryException, IOException {
            looks.incrementAndGet();
            now.addAndGet(look.toNanos());
            return super.read(work);
        }
    }

    private int looksAfter(Metrics metrics, Duration pause) {
        now.addAndGet(pause.toNanos());
        assertThat(metrics.scrape()).contains("coppice_groups 0.0").contains("coppice_log_heads 0.0");
        return looks.get();
    }

    @Test
    void whoeverAsksTheEngineLooksOnceAMinute() {
        try (Engine engine = new Timed();
                Metrics metrics = new Metrics()) {
            Figures.register(engine, metrics, now::get);
            assertThat(looksAfter(metrics, Duration.ZERO)).isEqualTo(1);
            assertThat(looksAfter(metrics, Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(looksAfter(metrics, Duration.ofSeconds(29))).isEqualTo(1);
            assertThat(looksAfter(metrics, Duration.ofSeconds(2))).isEqualTo(2);
        }
    }

    @Test
    void aLongLookIsFollowedByALongPause() {
        look = Duration.ofSeconds(10);
        try (Engine engine = new Timed();
                Metrics metrics = new Metrics()) {
            Figures.register(engine, metrics, now::get);
            assertThat(looksAfter(metrics, Duration.ZERO)).isEqualTo(1);
            assertThat(looksAfter(metrics, Duration.ofSeconds(999))).isEqualTo(1);
            assertThat(looksAfter(metrics, Duration.ofSeconds(2))).isEqualTo(2);
        }
    }
}
