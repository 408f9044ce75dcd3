package org.coppice.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits in a lane, and who runs whose work. */
class LanesTest {
    private static final Bytes LANE = Bytes.wrap(new byte[] {1});
    private static final Bytes OTHER = Bytes.wrap(new byte[] {2});

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Integer> batches = new ArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);
    private final Lanes lanes = new Lanes(this::run);

    @AfterEach
    void stop() {
        go.countDown();
        threads.shutdownNow();
    }

    /** The first batch is held until the test lets it go. */
    private void run(List<Job<?>> jobs) {
        boolean first;
        synchronized (batches) {
            batches.add(jobs.size());
            first = batches.size() == 1;
        }
        if (first) {
            await(go);
        }
        jobs.forEach(LanesTest::answer);
    }

    private static <T> void answer(Job<T> job) {
        try {
            job.succeed(job.work().run(null));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts one that holds the lane, and then {@code count} that wait in it. */
    private List<Future<Integer>> fill(int count) {
        List<Future<Integer>> out = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            int number = i;
            out.add(threads.submit(() -> lanes.run(LANE, new Job<>(tx -> number))));
            int waiting = i;
            Awaitility.await().until(() -> {
                synchronized (batches) {
                    return batches.size() == 1 && lanes.waiting(LANE) == waiting;
                }
            });
        }
        return out;
    }

    @Test
    void whoWaitsIsRunWithTheOthersAndEachGetsItsOwnAnswer() throws Exception {
        List<Future<Integer>> answers = fill(20);
        go.countDown();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get()).isEqualTo(i);
        }
        assertThat(batches).containsExactly(1, 20);
        assertThat(lanes.waiting(LANE)).isZero();
    }

    @Test
    void moreThanABatchIsRunByTheNextOfThoseWhoWait() throws Exception {
        List<Future<Integer>> answers = fill(100);
        go.countDown();
        for (Future<Integer> answer : answers) {
            answer.get();
        }
        assertThat(batches).containsExactly(1, 64, 36);
    }

    @Test
    void lanesDoNotWaitForEachOther() throws Exception {
        fill(1);
        assertThat(lanes.<Integer>run(OTHER, new Job<>(tx -> 7))).isEqualTo(7);
        assertThat(batches).containsExactly(1, 1);
    }

    @Test
    void nobodyIsLeftWaitingWhenRunningThemFails() {
        Lanes broken = new Lanes(jobs -> {
            throw new IllegalStateException("broken");
        });
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return broken.run(LANE, new Job<>(tx -> 1));
                        } catch (DeliveryException | IOException e) {
                            throw new AssertionError(e);
                        }
                    },
                    threads));
        }
        for (CompletableFuture<Integer> answer : answers) {
            assertThatThrownBy(answer::join).hasRootCauseMessage("broken");
        }
    }
}
