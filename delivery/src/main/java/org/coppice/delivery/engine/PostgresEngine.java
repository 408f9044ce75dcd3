package org.coppice.delivery.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.mls.codec.Bytes;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL, for any number of nodes on one database. Rows that are changed are locked by the statement that changes them, so READ
 * COMMITTED is enough; reads see one snapshot (REPEATABLE READ). What the database refuses for a conflict is tried again. Works of one lane
 * share a transaction when several wait.
 *
 * <p>With several hosts in the URL the node talks to the one that is the primary, and goes to another when that one is promoted. Nothing
 * confirmed is lost by that if the promoted one was a synchronous standby.
 */
public final class PostgresEngine implements Engine {
    private static final int MAX_TRIES = 20;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** A server that says nothing for so long has vanished: without an end to it, a node would hang on it for ever. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /**
     * Everything is found by keys. Plans are kept for as long as statistics are, and one that goes through a table because that is small
     * would go on to when it is large.
     */
    private static final String BY_KEYS = "SET enable_seqscan = off";

    private static final Duration SIGNALS_TIMEOUT = Duration.ofSeconds(10);

    private final HikariDataSource writers;
    private final HikariDataSource readers;
    private final PostgresSignals signals;
    private final Lanes lanes = new Lanes(this::runAll);

    /**
     * Where the database is.
     *
     * @param url a JDBC URL, {@code jdbc:postgresql://host/database}, or {@code jdbc:postgresql://host1,host2/database} for a primary and
     *     its standbys
     * @param user the role, or null to leave it to the URL
     * @param password its password, or null to leave it to the URL
     * @param connections how many connections this node may have for writing, and as many again for reading
     */
    public record Address(String url, String user, String password, int connections) {
        /** Without the password. */
        @Override
        public String toString() {
            return "Address[" + connections + " connections]";
        }
    }

    private PostgresEngine(HikariDataSource writers, HikariDataSource readers, PostgresSignals signals) {
        this.writers = writers;
        this.readers = readers;
        this.signals = signals;
    }

    /**
     * Connects, and brings the schema up to date.
     *
     * @throws EngineStartException if the database cannot be reached or used
     */
    public static PostgresEngine open(Address address) throws EngineStartException {
        HikariDataSource writers = null;
        HikariDataSource readers = null;
        try {
            writers = pool(address, "coppice-write", false);
            readers = pool(address, "coppice-read", true);
            // A migration takes as long as it takes.
            Migrations.apply(source(address, Duration.ZERO), Dialect.POSTGRESQL);
            PGSimpleDataSource listening = source(address, SIGNALS_TIMEOUT);
            return new PostgresEngine(writers, readers, PostgresSignals.start(listening));
        } catch (HikariPool.PoolInitializationException | IllegalArgumentException e) {
            close(writers, readers);
            throw new EngineStartException("the PostgreSQL database cannot be reached", e);
        } catch (EngineStartException e) {
            close(writers, readers);
            throw e;
        }
    }

    private static void close(HikariDataSource... pools) {
        for (HikariDataSource pool : pools) {
            if (pool != null) {
                pool.close();
            }
        }
    }

    /** @param silence how long an answer may take, unless the URL says otherwise; zero for as long as it takes */
    private static PGSimpleDataSource source(Address address, Duration silence) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(address.url());
        if (!address.url().contains("targetServerType=")) {
            // A standby would answer reads with what was.
            source.setTargetServerType("primary");
        }
        if (!address.url().contains("socketTimeout=")) {
            source.setSocketTimeout((int) silence.toSeconds());
        }
        source.setLoginTimeout((int) CONNECT_TIMEOUT.toSeconds());
        if (address.user() != null) {
            source.setUser(address.user());
        }
        if (address.password() != null) {
            source.setPassword(address.password());
        }
        source.setTcpKeepAlive(true);
        // The records that a Commit changes are one statement or two, not one for each.
        source.setReWriteBatchedInserts(true);
        // Details of errors quote values of rows, and those do not belong into a log.
        source.setLogServerErrorDetail(false);
        return source;
    }

    private static HikariDataSource pool(Address address, String name, boolean readOnly) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source(address, SILENCE));
        config.setPoolName(name);
        config.setMaximumPoolSize(address.connections());
        config.setMinimumIdle(1);
        config.setAutoCommit(false);
        config.setReadOnly(readOnly);
        config.setTransactionIsolation(readOnly ? "TRANSACTION_REPEATABLE_READ" : "TRANSACTION_READ_COMMITTED");
        config.setConnectionInitSql(BY_KEYS);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        return new HikariDataSource(config);
    }

    @Override
    public <T> T read(Work<T> work) throws DeliveryException, IOException {
        return run(readers, work);
    }

    @Override
    public <T> T write(Work<T> work) throws DeliveryException, IOException {
        return run(writers, work);
    }

    @Override
    public <T> T write(Bytes lane, Work<T> work) throws DeliveryException, IOException {
        return lanes.run(lane, new Job<>(work));
    }

    private void runAll(List<Job<?>> jobs) {
        if (jobs.size() == 1) {
            runAlone(jobs.get(0));
            return;
        }
        try {
            runUntilDone(writers, tx -> runTogether(tx, jobs));
            jobs.forEach(Job::tell);
        } catch (SQLException e) {
            if (Failure.of(e) == Failure.ABSENT) {
                // Each alone would wait for the database once more, one after the other.
                DeliveryException absent = Failure.nothingDone(e);
                jobs.forEach(job -> job.fail(absent));
            } else {
                jobs.forEach(this::runAlone);
            }
        } catch (DeliveryException | IOException e) {
            jobs.forEach(job -> job.fail(e));
        }
    }

    private <T> void runAlone(Job<T> job) {
        try {
            job.succeed(run(writers, job.work()));
        } catch (DeliveryException | IOException | RuntimeException e) {
            job.fail(e);
        }
    }

    /**
     * Runs all in one transaction. Most of the time every one of them counts, and a savepoint for each would cost as much as one more
     * statement; so only when one was refused do all run again, each with a savepoint.
     */
    private static Void runTogether(Transaction tx, List<Job<?>> jobs) throws SQLException {
        tx.update("SAVEPOINT works");
        if (!allCount(tx, jobs)) {
            tx.update("ROLLBACK TO SAVEPOINT works");
            for (Job<?> job : jobs) {
                tx.update("SAVEPOINT work");
                tx.update(job.run(tx) ? "RELEASE SAVEPOINT work" : "ROLLBACK TO SAVEPOINT work");
            }
        }
        return null;
    }

    private static boolean allCount(Transaction tx, List<Job<?>> jobs) throws SQLException {
        for (Job<?> job : jobs) {
            if (!job.run(tx)) {
                return false;
            }
        }
        return true;
    }

    private <T> T run(HikariDataSource pool, Work<T> work) throws DeliveryException, IOException {
        try {
            return runUntilDone(pool, work);
        } catch (SQLException e) {
            throw Failure.nothingDone(e);
        }
    }

    /** Throws SQLException if nothing was done. */
    private static <T> T runUntilDone(HikariDataSource pool, Work<T> work)
            throws SQLException, DeliveryException, IOException {
        for (int tries = 1; ; tries++) {
            try (Connection connection = pool.getConnection()) {
                return runOn(connection, work);
            } catch (SQLException e) {
                if (Failure.of(e) != Failure.CONFLICT || tries == MAX_TRIES) {
                    throw e;
                }
                pause(tries);
            }
        }
    }

    /** Throws SQLException if nothing was done. */
    private static <T> T runOn(Connection connection, Work<T> work)
            throws SQLException, DeliveryException, IOException {
        // Asked now: the pool lets go of a connection that breaks, and then it answers nothing any more.
        boolean isRead = connection.isReadOnly();
        T result;
        boolean done = false;
        try {
            result = work.run(new Transaction(Statements.fresh(connection), Dialect.POSTGRESQL));
            done = true;
        } finally {
            if (!done) {
                rollback(connection);
            }
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            // A read that is not confirmed has still done nothing.
            if (Failure.of(e) == Failure.ABSENT && !isRead) {
                throw Failure.outcomeUnknown(e);
            }
            throw e;
        }
        return result;
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The server undoes what a connection leaves open when it goes.
            return;
        }
    }

    /** Longer with each try, and never the same for two, so that those in each other's way part. */
    private static void pause(int tries) throws IOException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 5L << Math.min(tries, 6)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted between two tries");
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
    }

    @Override
    public SignalBus signals() {
        return signals;
    }

    @Override
    public void close() {
        signals.close();
        close(writers, readers);
    }
}
