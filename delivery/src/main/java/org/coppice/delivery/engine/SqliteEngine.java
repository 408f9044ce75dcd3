package org.coppice.delivery.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.coppice.delivery.api.DeliveryException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * SQLite in a directory of this machine: one file in WAL mode, synced at each confirmation. One thread writes, many works in one
 * transaction when many wait; readers are not held up by it.
 */
public final class SqliteEngine implements Engine {
    private static final String FILE = "delivery.sqlite";
    private static final int BUSY_MILLIS = 10_000;
    private static final int WAL_LIMIT = 64 << 20;

    private final DirectoryLock lock;
    private final SqliteWriter writer;
    private final SqliteReaders readers;

    private SqliteEngine(DirectoryLock lock, SqliteWriter writer, SqliteReaders readers) {
        this.lock = lock;
        this.writer = writer;
        this.readers = readers;
    }

    /**
     * Opens the database in {@code directory}, which is created if it is missing.
     *
     * @throws EngineStartException if another process has it open, or it cannot be read or written
     */
    public static SqliteEngine open(Path directory) throws EngineStartException {
        DirectoryLock lock = null;
        try {
            Files.createDirectories(directory);
            lock = DirectoryLock.take(directory);
            Path file = directory.resolve(FILE);
            if (!Files.exists(file)) {
                // Who talks with whom is in it; the log beside it gets the same owner and mode from SQLite.
                Files.createFile(file, OwnerOnly.attributes(file));
            }
            SQLiteDataSource source = new SQLiteDataSource(config());
            source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
            Migrations.apply(source, Dialect.SQLITE);
            return new SqliteEngine(lock, SqliteWriter.start(source.getConnection()), new SqliteReaders(source));
        } catch (IOException | SQLException e) {
            release(lock);
            throw new EngineStartException("the database in the data directory cannot be opened", e);
        } catch (EngineStartException e) {
            release(lock);
            throw e;
        }
    }

    private static void release(DirectoryLock lock) {
        if (lock != null) {
            lock.close();
        }
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // FULL syncs the log at each COMMIT; the default of NORMAL in WAL mode would lose confirmed writes with the
        // power.
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalSizeLimit(WAL_LIMIT);
        return config;
    }

    @Override
    public <T> T read(Work<T> work) throws DeliveryException, IOException {
        try (SqliteReaders.Lease lease = readers.take()) {
            return lease.run(work);
        } catch (SQLException e) {
            throw Failure.nothingDone(e);
        }
    }

    @Override
    public <T> T write(Work<T> work) throws DeliveryException, IOException {
        return writer.run(work);
    }

    @Override
    public void check() throws DeliveryException, IOException {
        writer.requireOpen();
        Engine.super.check();
    }

    /** Takes the writer's connection for a moment, for tests that fill the disk. */
    void onWriter(SqliteWriter.Use use) throws DeliveryException, IOException {
        writer.use(use);
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public SignalBus signals() {
        return SignalBus.NONE;
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
        lock.close();
    }

    /** Runs a statement without parameters. */
    static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
