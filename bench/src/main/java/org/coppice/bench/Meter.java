package org.coppice.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures operations in turns within one run, so that whatever else the machine does meets all of them alike. The time is what
 * the thread spent on a processor; garbage collection and compilation, on threads of their own, are not in it.
 */
final class Meter {
    private static final long SAMPLE_NANOS = 10_000_000;
    private static final int MAX_BATCH = 200;
    private static final long QUIET_NANOS = 2_000_000_000;
    private static final double QUIET_SHARE = 0.01;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private final long warmUpNanos;
    private final long budgetNanos;

    /**
     * @param warmUpNanos how long to warm up at most; less if the compiler has nothing left to do
     * @param budgetNanos how long to measure
     */
    Meter(long warmUpNanos, long budgetNanos) {
        this.warmUpNanos = warmUpNanos;
        this.budgetNanos = budgetNanos;
    }

    /**
     * What came out for one operation.
     *
     * @param micros median time of a run in microseconds
     * @param ratio median, over the turns, of this operation's time divided by the first one's of the same turn
     * @param bytes bytes allocated in a run
     */
    record Result(double micros, double ratio, double bytes, int samples) {}

    /** Measures the operations in turns; each result's ratio is to the first operation. */
    List<Result> measure(List<Operation> operations) throws Exception {
        int count = operations.size();
        int[] batches = new int[count];
        Arrays.fill(batches, 1);
        List<double[]> turns = new ArrayList<>();
        double[] bytes = new double[count];
        warmUp(operations, batches, bytes);
        long end = System.nanoTime() + budgetNanos;
        do {
            turns.add(turn(operations, batches, bytes));
        } while (turns.size() < 3 || System.nanoTime() < end);
        List<Result> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i;
            double micros = median(turns.stream().mapToDouble(turn -> turn[at]).toArray()) / 1e3;
            double ratio = median(
                    turns.stream().mapToDouble(turn -> turn[at] / turn[0]).toArray());
            out.add(new Result(micros, ratio, bytes[i], turns.size()));
        }
        return out;
    }

    /** Until the compiler is quiet: on a busy machine it lags far behind, and half-compiled code takes twice the time. */
    private void warmUp(List<Operation> operations, int[] batches, double[] bytes) throws Exception {
        long end = System.nanoTime() + warmUpNanos;
        boolean quiet = false;
        while (!quiet && System.nanoTime() < end) {
            long start = System.nanoTime();
            long compiled = compiler.getTotalCompilationTime();
            long window = Math.min(start + QUIET_NANOS, end);
            int turns = 0;
            do {
                turn(operations, batches, bytes);
                turns++;
            } while (turns < 20 && System.nanoTime() < end || System.nanoTime() < window);
            double elapsed = (System.nanoTime() - start) / 1e6;
            quiet = compiler.getTotalCompilationTime() - compiled < QUIET_SHARE * elapsed;
        }
    }

    private double[] turn(List<Operation> operations, int[] batches, double[] bytes) throws Exception {
        double[] out = new double[batches.length];
        for (int i = 0; i < out.length; i++) {
            Operation operation = operations.get(i);
            for (int j = 0; j < batches[i]; j++) {
                operation.prepare();
            }
            int sink = 0;
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long start = threads.getCurrentThreadCpuTime();
            for (int j = 0; j < batches[i]; j++) {
                sink += System.identityHashCode(operation.run());
            }
            long nanos = Math.max(1, threads.getCurrentThreadCpuTime() - start);
            bytes[i] = (threads.getCurrentThreadAllocatedBytes() - allocated) * operation.scale() / batches[i];
            if (sink == 1) {
                System.err.println();
            }
            out[i] = nanos * operation.scale() / batches[i];
            long wanted = SAMPLE_NANOS * batches[i] / nanos;
            batches[i] = (int) Math.max(1, Math.min(Math.min(MAX_BATCH, 2L * batches[i]), wanted));
        }
        return out;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
