package org.coppice.bench.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many threads that each do one thing after the other. */
final class Writers {
    private Writers() {}

    /** One step of a writer; false if there is nothing left to do. */
    @FunctionalInterface
    interface Step {
        boolean run() throws Exception;
    }

    /**
     * What came out.
     *
     * @param count how many steps were done
     * @param perSecond by the clock, of all writers together
     * @param p50 the median time of a step, in milliseconds
     * @param p99 the time that one step in a hundred exceeds, likewise
     */
    record Result(int count, double perSecond, double p50, double p99) {
        static Result of(long[] nanos, double seconds) {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Result(
                    sorted.length,
                    sorted.length / seconds,
                    percentile(sorted, 0.5) / 1e6,
                    percentile(sorted, 0.99) / 1e6);
        }

        private static double percentile(long[] sorted, double part) {
            return sorted.length == 0
                    ? Double.NaN
                    : sorted[(int) Math.min(sorted.length - 1L, (long) (part * sorted.length))];
        }
    }

    /** Runs all until one has nothing left or {@code seconds} are over. */
    static Result run(List<? extends Step> writers, double seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers.size());
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        boolean[] over = new boolean[1];
        try {
            List<Callable<long[]>> tasks = new ArrayList<>();
            for (Step writer : writers) {
                tasks.add(() -> loop(writer, end, over));
            }
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> future : threads.invokeAll(tasks)) {
                all.add(future.get());
            }
            double elapsed = (System.nanoTime() - begin) / 1e9;
            return Result.of(all.stream().flatMapToLong(Arrays::stream).toArray(), elapsed);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a writer failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static long[] loop(Step writer, long end, boolean[] over) throws Exception {
        long[] nanos = new long[1024];
        int count = 0;
        for (long before = System.nanoTime(); before < end && !isOver(over); ) {
            if (!writer.run()) {
                finish(over);
                break;
            }
            long after = System.nanoTime();
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = after - before;
            before = after;
        }
        return Arrays.copyOf(nanos, count);
    }

    private static boolean isOver(boolean[] over) {
        synchronized (over) {
            return over[0];
        }
    }

    private static void finish(boolean[] over) {
        synchronized (over) {
            over[0] = true;
        }
    }
}
