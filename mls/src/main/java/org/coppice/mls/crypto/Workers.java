package org.coppice.mls.crypto;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.coppice.mls.error.MlsException;

/**
 * How independent checks and encryptions are spread over threads. It has no thread of its own: the caller's thread takes
 * part, and an executor that the application chose may lend others. Immutable and thread safe.
 *
 * <p>An executor that is busy, or refuses, only makes the work slower: the caller never waits for a helper that has not begun.
 */
public final class Workers {
    private static final Workers SEQUENTIAL = new Workers(Runnable::run, 1);

    private final Executor executor;
    private final int parallelism;

    private Workers(Executor executor, int parallelism) {
        this.executor = executor;
        this.parallelism = parallelism;
    }

    /** A unit of work, one of many that do not depend on each other. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does the work of one index, on any thread.
         *
         * @throws MlsException if the input at this index is refused
         */
        void run(int index) throws MlsException;
    }

    /** All work on the caller's thread, in order. */
    public static Workers sequential() {
        return SEQUENTIAL;
    }

    /**
     * Work on the caller's thread and on up to {@code parallelism - 1} threads of {@code executor}.
     *
     * @param parallelism how many threads at most, at least 1
     * @throws IllegalArgumentException if {@code parallelism} is less than 1
     */
    public static Workers of(Executor executor, int parallelism) {
        Objects.requireNonNull(executor, "executor");
        if (parallelism < 1) {
            throw new IllegalArgumentException("at least the caller's own thread takes part");
        }
        return parallelism == 1 ? SEQUENTIAL : new Workers(executor, parallelism);
    }

    /** How many threads take part at most, the caller's included. */
    public int parallelism() {
        return parallelism;
    }

    /**
     * Runs {@code task} for each index from 0 to {@code count - 1} and returns when all are done. What the tasks wrote is then
     * visible to the caller.
     *
     * <p>If some fail, the failure of the lowest index is thrown, whatever the number of threads; tasks above it may or may not
     * have run, none still runs.
     *
     * @throws MlsException what the task of the lowest failing index threw; an unchecked exception is thrown likewise
     */
    public void forEach(int count, Task task) throws MlsException {
        int helpers = Math.min(parallelism, count) - 1;
        if (helpers <= 0) {
            for (int i = 0; i < count; i++) {
                task.run(i);
            }
            return;
        }
        Run run = new Run(count, task);
        for (int i = 0; i < helpers; i++) {
            try {
                executor.execute(run::help);
            } catch (RejectedExecutionException e) {
                break;
            }
        }
        run.work();
        run.finish();
    }

    @Override
    public String toString() {
        return "Workers[" + parallelism + "]";
    }

    /** One call of {@link #forEach}. Indices are handed out in order, so all below a failing one have been begun before it. */
    private static final class Run {
        private final Task task;
        private int end;
        private int next;
        private int active;
        private boolean closed;
        private Throwable failure;

        Run(int count, Task task) {
            this.end = count;
            this.task = task;
        }

        /** What a borrowed thread does; nothing if it comes too late. */
        void help() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                active++;
            }
            try {
                work();
            } finally {
                synchronized (this) {
                    active--;
                    notifyAll();
                }
            }
        }

        @SuppressWarnings("IllegalCatch") // handed on to the caller's thread, which throws it
        void work() {
            for (int index = take(); index >= 0; index = take()) {
                try {
                    task.run(index);
                } catch (Throwable e) {
                    fail(index, e);
                }
            }
        }

        private synchronized int take() {
            return next < end ? next++ : -1;
        }

        private synchronized void fail(int index, Throwable e) {
            if (failure == null || index < end) {
                failure = e;
                end = index;
            }
        }

        void finish() throws MlsException {
            boolean interrupted = false;
            Throwable thrown;
            synchronized (this) {
                closed = true;
                while (active > 0) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                thrown = failure;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (thrown instanceof MlsException e) {
                throw e;
            }
            if (thrown instanceof RuntimeException e) {
                throw e;
            }
            if (thrown instanceof Error e) {
                throw e;
            }
        }
    }
}
