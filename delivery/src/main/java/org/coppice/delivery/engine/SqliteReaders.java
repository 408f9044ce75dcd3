package org.coppice.delivery.engine;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.sqlite.SQLiteDataSource;

/** A few connections that only read, each with its statements. Thread safe. */
final class SqliteReaders implements AutoCloseable {
    private static final int MAX = 8;

    private final SQLiteDataSource source;
    private final Semaphore permits = new Semaphore(MAX, true);
    private final Deque<Reader> idle = new ArrayDeque<>();
    private boolean closed;

    private record Reader(Connection connection, Transaction tx) {}

    SqliteReaders(SQLiteDataSource source) {
        this.source = source;
    }

    /** A reader until it is closed; waits while all are taken. */
    Lease take() throws SQLException, DeliveryException {
        permits.acquireUninterruptibly();
        try {
            return new Lease(idleOrNew());
        } catch (SQLException | DeliveryException | RuntimeException | Error e) {
            permits.release();
            throw e;
        }
    }

    private Reader idleOrNew() throws SQLException, DeliveryException {
        synchronized (idle) {
            if (closed) {
                throw Problem.of(ProblemKind.UNAVAILABLE, "the service is stopping")
                        .asException();
            }
            Reader known = idle.poll();
            if (known != null) {
                return known;
            }
        }
        Connection connection = source.getConnection();
        SqliteEngine.execute(connection, "PRAGMA query_only = ON");
        return new Reader(connection, new Transaction(Statements.cached(connection), Dialect.SQLITE));
    }

    /** One taken reader. */
    final class Lease implements AutoCloseable {
        private final Reader reader;
        private boolean broken;

        private Lease(Reader reader) {
            this.reader = reader;
        }

        <T> T run(Work<T> work) throws SQLException, DeliveryException, IOException {
            // Broken until the transaction has ended: a connection in doubt is not used again.
            broken = true;
            SqliteEngine.execute(reader.connection(), "BEGIN");
            try {
                return work.run(reader.tx());
            } finally {
                SqliteEngine.execute(reader.connection(), "COMMIT");
                broken = false;
            }
        }

        @Override
        public void close() throws SQLException {
            try {
                boolean keep;
                synchronized (idle) {
                    keep = !broken && !closed;
                    if (keep) {
                        idle.push(reader);
                    }
                }
                if (!keep) {
                    reader.connection().close();
                }
            } finally {
                permits.release();
            }
        }
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            for (Reader reader : idle) {
                try {
                    reader.connection().close();
                } catch (SQLException e) {
                    // Nothing is lost with a connection that only reads.
                    continue;
                }
            }
            idle.clear();
        }
    }
}
