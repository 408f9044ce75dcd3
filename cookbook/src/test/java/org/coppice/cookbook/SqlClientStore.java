package org.coppice.cookbook;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;

/** A client's records in one table of the application's database. */
final class SqlClientStore implements ClientStore {
    private final Connection database;
    private final ReentrantLock lock = new ReentrantLock(); // a monitor would pin virtual threads
    private boolean closed;

    SqlClientStore(Connection database) {
        this.database = database;
        try {
            database.setAutoCommit(false);
            database.createStatement()
                    .execute("CREATE TABLE IF NOT EXISTS client"
                            + " (space BLOB, name BLOB, value BLOB NOT NULL, PRIMARY KEY (space, name))");
            database.commit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static StoreException failed(SQLException e) {
        return new StoreException(StoreException.Reason.FAILED, "the database does not answer", e);
    }

    // begin begin
    @Override
    public StoreTransaction begin() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread has a transaction open");
        }
        lock.lock();
        if (closed) {
            lock.unlock();
            throw new IllegalStateException("the store is closed");
        }
        return new Transaction();
    }
    // end begin

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            database.close();
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    private final class Transaction implements StoreTransaction {
        private boolean open = true;

        /** Runs a statement; the space is its first parameter. */
        private List<Stored> run(String sql, Space space, byte[]... values) {
            if (!open) {
                throw new IllegalStateException("the transaction has ended");
            }
            try (PreparedStatement statement = database.prepareStatement(sql)) {
                statement.setBytes(1, space.encoded());
                for (int i = 0; i < values.length; i++) {
                    statement.setBytes(i + 2, values[i]);
                }
                List<Stored> out = new ArrayList<>();
                if (statement.execute()) {
                    for (ResultSet rows = statement.getResultSet(); rows.next(); ) {
                        out.add(new Stored(Bytes.wrap(rows.getBytes(1)), rows.getBytes(2)));
                    }
                }
                return out;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public Optional<byte[]> get(Space space, Bytes key) {
            return run("SELECT name, value FROM client WHERE space = ? AND name = ?", space, key.toByteArray()).stream()
                    .map(Stored::value)
                    .findFirst();
        }

        @Override
        public void put(Space space, Bytes key, byte[] value) {
            if (space.isSequence()) {
                Space.number(key); // refuses what is no number
            }
            run("REPLACE INTO client VALUES (?, ?, ?)", space, key.toByteArray(), value);
        }

        @Override
        public void delete(Space space, Bytes key) {
            run("DELETE FROM client WHERE space = ? AND name = ?", space, key.toByteArray());
        }

        @Override
        public void deleteAll(Space space) {
            run("DELETE FROM client WHERE space = ?", space);
        }

        @Override
        public List<Stored> all(Space space) {
            return run("SELECT name, value FROM client WHERE space = ? ORDER BY name", space);
        }

        // begin order
        @Override
        public List<Stored> after(Space sequence, long after, int limit) {
            return some(sequence, "name > ? ORDER BY name", after, limit);
        }

        @Override
        public List<Stored> before(Space sequence, long before, int limit) {
            // Numbers are 8 bytes: nine of FF are above all of them.
            String below = before == 0 ? "name < X'FFFFFFFFFFFFFFFFFF' AND ? NOTNULL" : "name < ?";
            return some(sequence, below + " ORDER BY name DESC", before, limit);
        }

        private List<Stored> some(Space sequence, String where, long number, int limit) {
            if (!sequence.isSequence()) {
                throw new IllegalArgumentException("the records of " + sequence.name() + " have no order");
            }
            return run(
                    "SELECT name, value FROM client WHERE space = ? AND " + where + " LIMIT " + limit,
                    sequence,
                    Space.key(number).toByteArray());
        }
        // end order

        // begin commit
        @Override
        public void commit() {
            if (!open) {
                throw new IllegalStateException("the transaction has ended");
            }
            try {
                database.commit(); // if this throws, close() undoes it
            } catch (SQLException e) {
                throw failed(e);
            }
            end();
        }

        @Override
        public void close() {
            if (open) {
                try {
                    database.rollback();
                } catch (SQLException e) {
                    throw failed(e);
                } finally {
                    end();
                }
            }
        }

        private void end() {
            open = false;
            lock.unlock();
        }
        // end commit
    }
}
