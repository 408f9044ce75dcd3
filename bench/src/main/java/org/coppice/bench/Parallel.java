package org.coppice.bench;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.coppice.mls.crypto.Workers;

/**
 * How much a second thread helps: wall-clock times, in turns. On a machine that has other work to do they say less than the
 * thread times of the other lines.
 *
 * @param oneMillis median with one thread
 * @param twoMillis median with two
 */
record Parallel(double oneMillis, double twoMillis) {
    private static final int TURNS = 5;

    /** Makes an operation with workers. */
    @FunctionalInterface
    interface Maker {
        Operation make(Setting setting, Workers workers) throws Exception;
    }

    static Parallel of(Setting setting, Maker maker) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(1);
        try (Operation one = maker.make(setting, Workers.sequential());
                Operation two = maker.make(setting, Workers.of(executor, 2))) {
            double[] ones = new double[TURNS];
            double[] twos = new double[TURNS];
            for (int i = -1; i < TURNS; i++) {
                double first = millis(one);
                double second = millis(two);
                if (i >= 0) {
                    ones[i] = first;
                    twos[i] = second;
                }
            }
            return new Parallel(Meter.median(ones), Meter.median(twos));
        } finally {
            executor.shutdown();
        }
    }

    private static double millis(Operation operation) throws Exception {
        operation.prepare();
        long start = System.nanoTime();
        operation.run();
        return (System.nanoTime() - start) / 1e6;
    }
}
