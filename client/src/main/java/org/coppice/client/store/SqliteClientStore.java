package org.coppice.client.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.coppice.mls.codec.Bytes;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A store in one SQLite file, without encryption: put a {@link SealedClientStore} before it, as {@link ClientStores} does.
 *
 * <p>A commit is on the disk when it returns ({@code synchronous=FULL}). Deleted records are overwritten ({@code secure_delete});
 * older pages in the write-ahead log are dropped by {@link #sweep()}, at every {@value #CHECKPOINT_EVERY}th commit and at
 * {@link #close()}. The file is locked as long as it is open: a second process, and a second opener in this one, is refused. Thread
 * safe; one transaction at a time.
 */
public final class SqliteClientStore implements ClientStore {
    /** How many commits leave deleted content in the log at most. */
    static final int CHECKPOINT_EVERY = 16;

    /** "Copp": tells these files from other SQLite files. */
    private static final int APPLICATION_ID = 0x436f7070;

    private static final int FORMAT = 1;
    private static final String TABLE =
            "CREATE TABLE record (space BLOB NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,"
                    + " PRIMARY KEY (space, key)) WITHOUT ROWID";

    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private int sinceCheckpoint;
    private boolean closed;

    private SqliteClientStore(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the store in a file, which is made if it is absent.
     *
     * @throws StoreException {@link StoreException.Reason#IN_USE} if it is open elsewhere, {@link StoreException.Reason#DAMAGED} if it
     *     is not a store, {@link StoreException.Reason#UNKNOWN_VERSION} if it is of a later format,
     *     {@link StoreException.Reason#FAILED} if the file cannot be opened
     */
    public static SqliteClientStore open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(0);
        Connection connection = null;
        boolean done = false;
        try {
            connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            SqliteClientStore store = new SqliteClientStore(connection);
            store.prepare();
            done = true;
            return store;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            if (!done && connection != null) {
                closeQuietly(connection);
            }
        }
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // The lock first, before the log is opened: with it, no other process shares the log either.
            statement.execute("PRAGMA locking_mode=EXCLUSIVE");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA secure_delete=ON");
            statement.execute("PRAGMA wal_autocheckpoint=0");
            statement.execute("BEGIN EXCLUSIVE");
            int application = number(statement, "PRAGMA application_id");
            int format = number(statement, "PRAGMA user_version");
            if (application == 0 && format == 0 && number(statement, "SELECT count(*) FROM sqlite_master") == 0) {
                statement.execute(TABLE);
                statement.execute("PRAGMA application_id=" + APPLICATION_ID);
                statement.execute("PRAGMA user_version=" + FORMAT);
            } else if (application != APPLICATION_ID) {
                throw new StoreException(StoreException.Reason.DAMAGED, "the file is not a store of this library");
            } else if (format != FORMAT) {
                throw new StoreException(
                        StoreException.Reason.UNKNOWN_VERSION, "the store has format " + format + ", not " + FORMAT);
            } else if (number(statement, "SELECT count(*) FROM sqlite_master") != 1
                    || number(statement, "SELECT count(*) FROM sqlite_master WHERE sql = '" + TABLE + "'") != 1) {
                // A view or a trigger would have its maker's queries run here.
                throw new StoreException(StoreException.Reason.DAMAGED, "the file has other tables than a store");
            } else if (!isSound(statement)) {
                throw new StoreException(StoreException.Reason.DAMAGED, "the file is damaged");
            }
            statement.execute("COMMIT");
        }
    }

    /** Whether all pages are as SQLite makes them: into a tree that is not, it writes what it does not find again. */
    private static boolean isSound(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
            return result.next() && result.getString(1).equals("ok");
        }
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    private static StoreException failure(SQLException e) {
        SQLiteErrorCode code = e instanceof SQLiteException sqlite ? sqlite.getResultCode() : null;
        if (code != null) {
            String name = code.name();
            if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
                return new StoreException(
                        StoreException.Reason.IN_USE, "the store is open in another process, or twice in this one", e);
            }
            if (name.startsWith("SQLITE_NOTADB") || name.startsWith("SQLITE_CORRUPT")) {
                return new StoreException(StoreException.Reason.DAMAGED, "the file is damaged or not a store", e);
            }
        }
        return new StoreException(StoreException.Reason.FAILED, "the store's file cannot be used", e);
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The failure that led here is the one to report.
        }
    }

    @Override
    public StoreTransaction begin() {
        requireNoTransaction();
        lock.lock();
        boolean done = false;
        try {
            if (closed) {
                throw new IllegalStateException("the store is closed");
            }
            Transaction out = new Transaction();
            execute("BEGIN IMMEDIATE");
            done = true;
            return out;
        } finally {
            if (!done) {
                lock.unlock();
            }
        }
    }

    private void execute(String sql) {
        try {
            statement(sql).execute();
        } catch (SQLException e) {
            throw afresh(e);
        }
    }

    /** A statement that has failed is of no use any more to the driver: all are prepared again. */
    private StoreException afresh(SQLException e) {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException again) {
                // The failure that led here is the one to report.
            }
        }
        statements.clear();
        return failure(e);
    }

    private PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            statements.put(sql, known);
        }
        return known;
    }

    /** Drops old pages of the log, in which deleted records still stand. */
    private void checkpoint() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            sinceCheckpoint = 0;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void sweep() {
        requireNoTransaction();
        lock.lock();
        try {
            if (!closed && sinceCheckpoint > 0) {
                checkpoint();
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireNoTransaction() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread has a transaction open");
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                checkpoint();
            }
        } finally {
            closeQuietly(connection);
            lock.unlock();
        }
    }

    /** One SQL transaction. */
    private final class Transaction implements StoreTransaction {
        private boolean open = true;
        private boolean changed;
        private boolean failed;

        private PreparedStatement prepared(String sql, Space space) throws SQLException {
            requireUsable();
            PreparedStatement out = statement(sql);
            out.setBytes(1, Objects.requireNonNull(space, "space").encoded());
            return out;
        }

        private void requireUsable() {
            if (!open) {
                throw new IllegalStateException("the transaction has ended");
            }
            if (failed) {
                throw new IllegalStateException("the transaction has failed");
            }
        }

        /** After some failures SQLite has ended the transaction by itself: what was written then would last at once, and alone. */
        private StoreException failed(SQLException e) {
            failed = true;
            return afresh(e);
        }

        @Override
        public Optional<byte[]> get(Space space, Bytes key) {
            try {
                PreparedStatement query = prepared("SELECT value FROM record WHERE space = ? AND key = ?", space);
                query.setBytes(2, space.checked(key).toByteArray());
                try (ResultSet rows = query.executeQuery()) {
                    return rows.next() ? Optional.of(bytes(rows, 1)) : Optional.empty();
                }
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        /** An empty blob reads as null. */
        private static byte[] bytes(ResultSet rows, int column) throws SQLException {
            byte[] out = rows.getBytes(column);
            return out == null ? new byte[0] : out;
        }

        @Override
        public void put(Space space, Bytes key, byte[] value) {
            try {
                PreparedStatement write = prepared(
                        "INSERT INTO record (space, key, value) VALUES (?, ?, ?)"
                                + " ON CONFLICT (space, key) DO UPDATE SET value = excluded.value",
                        space);
                write.setBytes(2, space.checked(key).toByteArray());
                write.setBytes(3, value);
                write.executeUpdate();
                write.clearParameters();
                changed = true;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public void delete(Space space, Bytes key) {
            try {
                PreparedStatement write = prepared("DELETE FROM record WHERE space = ? AND key = ?", space);
                write.setBytes(2, space.checked(key).toByteArray());
                changed |= write.executeUpdate() > 0;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public void deleteAll(Space space) {
            try {
                changed |= prepared("DELETE FROM record WHERE space = ?", space).executeUpdate() > 0;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public List<Stored> all(Space space) {
            try {
                return rows(prepared("SELECT key, value FROM record WHERE space = ? ORDER BY key", space));
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public List<Stored> after(Space sequence, long after, int limit) {
            return range(
                    "SELECT key, value FROM record WHERE space = ? AND key > ? ORDER BY key LIMIT ?",
                    sequence.requireSequence(),
                    Space.key(after),
                    limit);
        }

        @Override
        public List<Stored> before(Space sequence, long before, int limit) {
            // Longer than any key, so after all of them.
            Bytes end = before == 0 ? Bytes.fromHex("ffffffffffffffffff") : Space.key(before);
            return range(
                    "SELECT key, value FROM record WHERE space = ? AND key < ? ORDER BY key DESC LIMIT ?",
                    sequence.requireSequence(),
                    end,
                    limit);
        }

        private List<Stored> range(String sql, Space sequence, Bytes bound, int limit) {
            try {
                PreparedStatement query = prepared(sql, sequence);
                query.setBytes(2, bound.toByteArray());
                query.setInt(3, limit);
                return rows(query);
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        private List<Stored> rows(PreparedStatement query) throws SQLException {
            List<Stored> out = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    out.add(new Stored(Bytes.wrap(bytes(rows, 1)), bytes(rows, 2)));
                }
            }
            return out;
        }

        @Override
        public void commit() {
            requireUsable();
            try {
                statement("COMMIT").execute();
            } catch (SQLException e) {
                throw failed(e);
            }
            open = false;
            try {
                if (changed && ++sinceCheckpoint >= CHECKPOINT_EVERY) {
                    checkpoint();
                }
            } catch (StoreException e) {
                // The changes do last; the next commit tries again to clean the log.
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                try {
                    execute("ROLLBACK");
                } catch (StoreException e) {
                    // After a failure there may be nothing to undo any more, and the failure is what to report.
                    if (!failed) {
                        throw e;
                    }
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}
