package org.coppice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Targets that do what they must not, each of which has to escape. */
class OracleTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final Allowance ALLOWANCE = new Allowance(1 << 20, 1 << 10);

    /** A field, so that no compiler leaves the array out. */
    byte[] sink;

    @Test
    void whatStaysWithinItsBoundsIsJudgedByTheTarget() throws Exception {
        assertThat(trial(input -> allocate(1 << 16)).run(new byte[1])).isEqualTo(Target.Outcome.REFUSED);
    }

    @Test
    void whatAllocatesTooMuchEscapes() {
        assertThatThrownBy(() -> trial(input -> allocate(4 << 20)).run(new byte[1]))
                .isInstanceOf(Escape.class)
                .hasMessageContaining("allocated");
    }

    @Test
    void whatALongerInputMayAllocateIsInProportion() throws Exception {
        assertThat(trial(input -> allocate(4 << 20)).run(new byte[4 << 10])).isEqualTo(Target.Outcome.REFUSED);
    }

    @Test
    void whatKeepsAProcessorBusyEscapes() {
        assertThatThrownBy(() -> trial(input -> spin()).run(new byte[1]))
                .isInstanceOf(Escape.class)
                .hasMessageContaining("busy");
    }

    @Test
    void whatOtherThreadsSpendEscapesWhereTheyHaveAPart() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            assertThatThrownBy(() ->
                            new Trial(new Fake(on(other, this::allocateTooMuch), true), PATIENCE).run(new byte[1]))
                    .isInstanceOf(Escape.class)
                    .hasMessageContaining("allocated");
            assertThatThrownBy(() -> new Trial(new Fake(on(other, OracleTest::spin), true), PATIENCE).run(new byte[1]))
                    .isInstanceOf(Escape.class)
                    .hasMessageContaining("busy");
        } finally {
            other.shutdown();
        }
    }

    @Test
    void whatChangesItsInputEscapes() {
        assertThatThrownBy(() -> trial(input -> input[0] = 1).run(new byte[1]))
                .isInstanceOf(Escape.class)
                .hasMessageContaining("changed");
    }

    @Test
    void whatIsThrownEscapes() {
        Trial trial = trial(input -> {
            throw new IllegalStateException("not documented");
        });
        assertThatThrownBy(() -> trial.run(new byte[1])).hasMessage("not documented");
    }

    /** What a fake target does with an input before it refuses. */
    @FunctionalInterface
    private interface Deed {
        void with(byte[] input);
    }

    private static Trial trial(Deed deed) {
        return new Trial(new Fake(deed, false), PATIENCE);
    }

    private static Deed on(ExecutorService thread, Runnable work) {
        return input -> {
            try {
                thread.submit(work).get();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        };
    }

    private void allocateTooMuch() {
        allocate(4 << 20);
    }

    private void allocate(int bytes) {
        sink = new byte[bytes];
    }

    /** Counts as the trial does, so that a busy machine makes no difference. */
    private static void spin() {
        long end = THREADS.getCurrentThreadCpuTime() + 2 * PATIENCE.toNanos();
        while (THREADS.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
    }

    private record Fake(Deed deed, boolean isThreaded) implements Target {
        @Override
        public Outcome run(byte[] input) {
            deed.with(input);
            return Outcome.REFUSED;
        }

        @Override
        public Allowance allowance() {
            return ALLOWANCE;
        }
    }
}
