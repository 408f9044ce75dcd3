package org.coppice.delivery.engine;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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

    /** A use of the connection, which waits among the works. */
    private static final class UseJob extends Job<Void> {
        private final Use use;

        UseJob(Use use) {
            super(tx -> null);
            this.use = use;
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
        return enqueue(new Job<>(work));
    }

    /** Runs {@code use} between transactions. */
    void use(Use use) throws DeliveryException, IOException {
        enqueue(new UseJob(use));
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
        return job.await();
    }

    /** Refuses if no work is taken any more. */
    void requireOpen() throws DeliveryException {
        if (closed) {
            throw Problem.of(ProblemKind.UNAVAILABLE, "the service takes no writes any more")
                    .asException();
        }
    }

    private void loop() {
        List<Job<?>> batch = new ArrayList<>(MAX_BATCH);
        try {
            while (!closed || !waiting.isEmpty()) {
                Job<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, MAX_BATCH - 1);
                    runOrFail(batch);
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

    /** Whatever ends this thread, nobody waits for an answer that would never come. */
    private void runOrFail(List<Job<?>> batch) {
        try {
            runAll(batch);
        } catch (RuntimeException | Error e) {
            LOG.error("the writer failed and stops", e);
            batch.forEach(job -> job.fail(e));
            throw e;
        }
    }

    private void runAll(List<Job<?>> batch) {
        List<Job<?>> works = new ArrayList<>(batch.size());
        for (Job<?> job : batch) {
            if (job instanceof UseJob use) {
                runUse(use);
            } else {
                works.add(job);
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
                works.get(0).fail(Failure.nothingDone(e));
            } else {
                works.forEach(job -> runAll(List.of(job)));
            }
        } catch (OutcomeUnknownException e) {
            works.forEach(job -> job.fail(e));
        }
    }

    private void runUse(UseJob job) {
        try {
            job.use.with(connection);
            job.tell();
        } catch (SQLException e) {
            job.fail(Failure.nothingDone(e));
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
            job.fail(Problem.of(ProblemKind.UNAVAILABLE, "the service is stopping")
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
