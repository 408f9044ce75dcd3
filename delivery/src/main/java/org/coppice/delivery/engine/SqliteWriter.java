package org.coppice.delivery.engine;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.OutcomeUnknownException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all works that wait, runs each inside a savepoint of one transaction, and confirms them together:
 * one sync of the disk for all of them. Nobody is answered before that, not even those whose work was refused, because it may have been
 * refused for what another work of the same transaction did.
 *
 * <p>If the database refuses the transaction, all of it is undone and each work runs again alone, so that one that does not fit takes no
 * other with it.
 */
final class SqliteWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 256;
    private static final int MAX_WAITING = 4096;

    private final Connection connection;
    private final Transaction tx;
    private final BlockingQueue<Job<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile boolean closed;

    /** Something to do with the connection itself, outside any transaction. */
    @FunctionalInterface
    interface Use {
        void with(Connection connection) throws SQLException;
    }

    /** A work with the answer that it gets once it is decided. */
    private static final class Job<T> {
        private final Work<T> work;
        private final Use use;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private T result;
        private DeliveryException refusal;
        private RuntimeException fault;

        Job(Work<T> work, Use use) {
            this.work = work;
            this.use = use;
        }

        /** Whether what it did counts. */
        boolean run(Transaction tx) throws SQLException {
            result = null;
            refusal = null;
            fault = null;
            try {
                result = work.run(tx);
                return true;
            } catch (DeliveryException e) {
                refusal = e;
                return false;
            } catch (RuntimeException e) {
                fault = e;
                return false;
            }
        }

        void tell() {
            if (refusal != null) {
                answer.completeExceptionally(refusal);
            } else if (fault != null) {
                answer.completeExceptionally(fault);
            } else {
                answer.complete(result);
            }
        }
    }

    private SqliteWriter(Connection connection) {
        this.connection = connection;
        this.tx = new Transaction(Statements.cached(connection), Dialect.SQLITE);
        this.thread = new Thread(this::loop, "coppice-writer");
        thread.setDaemon(true);
    }

    /** Starts the thread, which owns {@code connection} from now on. */
    static SqliteWriter start(Connection connection) {
        SqliteWriter writer = new SqliteWriter(connection);
        writer.thread.start();
        return writer;
    }

    /** Runs {@code work} together with others that wait, and waits until it is on disk or refused. */
    <T> T run(Work<T> work) throws DeliveryException, IOException {
        return enqueue(new Job<>(work, null));
    }

    /** Runs {@code use} between transactions. */
    void use(Use use) throws DeliveryException, IOException {
        enqueue(new Job<Void>(null, use));
    }

    private <T> T enqueue(Job<T> job) throws DeliveryException, IOException {
        // A full queue means that the disk is far behind: the caller is told to come back instead of waiting without
        // end.
        if (closed || !waiting.offer(job)) {
            throw Problem.later(ProblemKind.UNAVAILABLE, SOON, "too many writes are waiting")
                    .asException();
        }
        if (closed) {
            refuseWaiting();
        }
        try {
            return job.answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while a write was under way");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw rethrow(e.getCause());
        }
    }

    private static IOException rethrow(Throwable cause) throws DeliveryException, IOException {
        if (cause instanceof DeliveryException refusal) {
            // A new one, so that the trace shows the caller; the writer's own is its cause.
            throw new DeliveryException(refusal.problem(), refusal);
        }
        if (cause instanceof IOException unknown) {
            throw unknown;
        }
        if (cause instanceof RuntimeException fault) {
            throw fault;
        }
        throw new AssertionError("a job fails with nothing else", cause);
    }

    private void loop() {
        List<Job<?>> batch = new ArrayList<>(MAX_BATCH);
        try {
            while (!closed || !waiting.isEmpty()) {
                Job<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, MAX_BATCH - 1);
                    runAll(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("the writer was interrupted and stops");
        } finally {
            closed = true;
            refuseWaiting();
            closeConnection();
        }
    }

    private void runAll(List<Job<?>> batch) {
        List<Job<?>> works = new ArrayList<>(batch.size());
        for (Job<?> job : batch) {
            if (job.use == null) {
                works.add(job);
            } else {
                runUse(job);
            }
        }
        if (works.isEmpty()) {
            return;
        }
        try {
            runTogether(works);
            works.forEach(Job::tell);
        } catch (SQLException e) {
            if (works.size() == 1) {
                works.get(0).answer.completeExceptionally(Failure.nothingDone(e));
            } else {
                works.forEach(job -> runAll(List.of(job)));
            }
        } catch (OutcomeUnknownException e) {
            works.forEach(job -> job.answer.completeExceptionally(e));
        }
    }

    private void runUse(Job<?> job) {
        try {
            job.use.with(connection);
            job.answer.complete(null);
        } catch (SQLException e) {
            job.answer.completeExceptionally(Failure.nothingDone(e));
        }
    }

    /** Throws SQLException if nothing of the batch was done. */
    private void runTogether(List<Job<?>> batch) throws SQLException, OutcomeUnknownException {
        SqliteEngine.execute(connection, "BEGIN IMMEDIATE");
        try {
            boolean some = false;
            for (Job<?> job : batch) {
                SqliteEngine.execute(connection, "SAVEPOINT work");
                if (job.run(tx)) {
                    some = true;
                } else {
                    SqliteEngine.execute(connection, "ROLLBACK TO work");
                }
                SqliteEngine.execute(connection, "RELEASE work");
            }
            SqliteEngine.execute(connection, some ? "COMMIT" : "ROLLBACK");
        } catch (SQLException e) {
            undo(e);
            throw e;
        }
    }

    /** A COMMIT that failed has left the transaction open, and undoing it settles that nothing was done. */
    private void undo(SQLException cause) throws OutcomeUnknownException {
        try {
            SqliteEngine.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // After some errors SQLite has undone the transaction by itself and says that there is none.
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                cause.addSuppressed(e);
                LOG.error("the database can neither confirm nor undo; the writer stops", cause);
                closed = true;
                throw new OutcomeUnknownException("the database can neither confirm nor undo", cause);
            }
        }
    }

    private void refuseWaiting() {
        for (Job<?> job = waiting.poll(); job != null; job = waiting.poll()) {
            job.answer.completeExceptionally(Problem.of(ProblemKind.UNAVAILABLE, "the service is stopping")
                    .asException());
        }
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("the database did not close cleanly; it will recover when it is opened");
        }
    }

    /** Lets all works that wait finish. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
