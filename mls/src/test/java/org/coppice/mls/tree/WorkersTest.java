package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(3);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    private static void assertRunsEachOnce(Workers workers, int count) throws MlsException {
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        workers.forEach(count, runs::incrementAndGet);
        for (int i = 0; i < count; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }

    @Test
    void runsEachIndexOnce() throws MlsException {
        for (int count : new int[] {0, 1, 2, 1000}) {
            assertRunsEachOnce(Workers.sequential(), count);
            assertRunsEachOnce(Workers.of(pool, 4), count);
        }
    }

    @Test
    void runsInOrderOnTheCallersThreadWithoutHelpers() throws MlsException {
        List<Integer> order = new ArrayList<>();
        Workers.sequential().forEach(5, order::add);
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
        Workers.of(task -> assertThat(false).as("not asked").isTrue(), 1).forEach(5, order::add);
        assertThat(order).hasSize(10);
    }

    @Test
    void theFailureOfTheLowestIndexIsTheOneThatIsThrown() {
        for (int round = 0; round < 200; round++) {
            for (Workers workers : List.of(Workers.sequential(), Workers.of(pool, 4))) {
                assertThatThrownBy(() -> workers.forEach(100, i -> {
                            if (i >= 37) {
                                throw new ValidationException(Rule.LEAF_SIGNATURE, "leaf " + i);
                            }
                            if (i == 36) {
                                Thread.yield();
                            }
                        }))
                        .isInstanceOf(ValidationException.class)
                        .hasMessageContaining("leaf 37");
            }
        }
    }

    @Test
    void uncheckedExceptionsReachTheCallerToo() {
        for (Workers workers : List.of(Workers.sequential(), Workers.of(pool, 4))) {
            assertThatThrownBy(() -> workers.forEach(10, i -> {
                        if (i == 3) {
                            throw new IllegalStateException("three");
                        }
                        if (i == 4) {
                            throw new AssertionError("four");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void worksWhenTheExecutorRejects() throws MlsException {
        assertRunsEachOnce(
                Workers.of(
                        task -> {
                            throw new RejectedExecutionException();
                        },
                        4),
                100);
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.shutdown();
        assertRunsEachOnce(Workers.of(closed, 4), 100);
    }

    @Test
    void doesNotWaitForAnExecutorThatIsBusy() throws Exception {
        ExecutorService busy = Executors.newSingleThreadExecutor();
        CountDownLatch release = new CountDownLatch(1);
        try {
            busy.execute(() -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertRunsEachOnce(Workers.of(busy, 2), 100);
        } finally {
            release.countDown();
            busy.shutdown();
        }
        // The late helper finds nothing to do.
        assertThat(busy.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void worksFromInsideItsOwnExecutor() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        one.submit(() -> {
                    try {
                        assertRunsEachOnce(Workers.of(one, 4), 100);
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                })
                .get(30, TimeUnit.SECONDS);
        one.shutdown();
        assertThat(failure.get()).isNull();
    }

    @Test
    void worksWithAnExecutorThatRunsAtOnceOrMuchLater() throws MlsException {
        assertRunsEachOnce(Workers.of(Runnable::run, 4), 50);
        Deque<Runnable> later = new ArrayDeque<>();
        Executor lazy = later::add;
        assertRunsEachOnce(Workers.of(lazy, 4), 50);
        later.forEach(Runnable::run);
    }

    @Test
    void helpersTakePart() throws MlsException {
        CountDownLatch both = new CountDownLatch(2);
        // Each index waits for the other, which takes two threads.
        Workers.of(pool, 2).forEach(2, i -> {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void nobodyWorksOnceTheCallHasReturned() throws Exception {
        AtomicIntegerArray running = new AtomicIntegerArray(1);
        for (int round = 0; round < 100; round++) {
            assertThatThrownBy(() -> Workers.of(pool, 4).forEach(1000, i -> {
                        running.incrementAndGet(0);
                        try {
                            if (i == 5) {
                                throw new ValidationException(Rule.LEAF_SIGNATURE);
                            }
                            Thread.yield();
                        } finally {
                            running.decrementAndGet(0);
                        }
                    }))
                    .isInstanceOf(ValidationException.class);
            assertThat(running.get(0)).isZero();
        }
    }

    @Test
    void anInterruptIsKeptForTheCaller() throws MlsException {
        Thread.currentThread().interrupt();
        assertRunsEachOnce(Workers.of(pool, 4), 200);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void atLeastTheCallerWorks() {
        assertThatThrownBy(() -> Workers.of(pool, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
