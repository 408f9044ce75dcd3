package org.coppice.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.contract.Servers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a check learns, and what it costs. */
@Timeout(60)
class ProbedEngineTest {
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private volatile Before before = () -> {};

    private final Engine inner = new ForwardingEngine(Servers.sqlite()) {
        @Override
        public <T> T write(Work<T> work) throws DeliveryException, IOException {
            writes.incrementAndGet();
            before.run();
            return super.write(work);
        }
    };
    private final ProbedEngine engine = new ProbedEngine(inner, nanos::get);

    @FunctionalInterface
    private interface Before {
        void run() throws DeliveryException, IOException;
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private static void fails(String why, ThrowingCallable check) {
        assertThatThrownBy(check).isInstanceOfSatisfying(DeliveryException.class, e -> {
            assertThat(e.kind()).isEqualTo(ProblemKind.UNAVAILABLE);
            assertThat(e.problem().detail()).isEqualTo(why);
        });
    }

    @Test
    void writesOnceInAWhileHoweverOftenItIsAsked() throws Exception {
        for (int i = 0; i < 1000; i++) {
            engine.check();
        }
        assertThat(writes).hasValue(1);
        nanos.addAndGet(ProbedEngine.PAUSE.toNanos());
        engine.check();
        engine.check();
        assertThat(writes).hasValue(2);
    }

    @Test
    void failsWhileNothingCanBeWritten() throws Exception {
        before = () -> {
            throw new IOException("read-only file system");
        };
        fails("the database takes no writes", engine::check);
        before = () -> {};
        fails("the database takes no writes", engine::check);
        nanos.addAndGet(ProbedEngine.PAUSE.toNanos());
        engine.check();
    }

    /** A row that is there can be changed where nothing can be added. */
    @Test
    void failsForAWhileAfterAWriteFoundNoRoom() throws Exception {
        engine.check();
        before = () -> {
            throw Problem.of(ProblemKind.OUT_OF_STORAGE, "no room").asException();
        };
        assertThatThrownBy(() -> engine.write(tx -> 1)).isInstanceOf(DeliveryException.class);
        before = () -> {};
        fails("the database has no room left", engine::check);
        nanos.addAndGet(ProbedEngine.NO_ROOM.toNanos());
        engine.check();
    }

    /** As when the standby that has to confirm is away: no second one is begun beside it. */
    @Test
    void oneProbeWaitsForADatabaseThatConfirmsNothing() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        before = () -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        fails("the database confirms no writes", engine::check);
        nanos.addAndGet(ProbedEngine.PAUSE.toNanos());
        fails("the database confirms no writes", engine::check);
        assertThat(writes).hasValue(1);
        go.countDown();
        await().untilAsserted(engine::check);
        assertThat(writes).hasValue(1);
    }
}
