package org.coppice.cookbook;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStore;
import org.coppice.mls.state.StateStoreException;

/** Groups in one table, each change in one transaction. */
final class SqlStateStore implements StateStore {
    private final Connection database;

    SqlStateStore(Connection database) throws SQLException {
        this.database = database;
        database.setAutoCommit(false);
        run("CREATE TABLE IF NOT EXISTS mls (grp BLOB, name BLOB, value BLOB NOT NULL, PRIMARY KEY (grp, name))");
        database.commit();
    }

    // begin apply
    @Override
    public synchronized void apply(StateChange change) {
        byte[] group = change.groupId().toByteArray();
        try {
            if (change.deletesGroup()) {
                run("DELETE FROM mls WHERE grp = ?", group);
            }
            for (Bytes key : change.deletes()) {
                run("DELETE FROM mls WHERE grp = ? AND name = ?", group, key.toByteArray());
            }
            for (StateChange.Put put : change.puts()) {
                run("REPLACE INTO mls VALUES (?, ?, ?)", group, put.key().toByteArray(), put.value());
            }
            database.commit(); // only now may the caller go on
        } catch (SQLException e) {
            undo();
            throw new StateStoreException("the groups could not be written", e);
        }
    }
    // end apply

    @Override
    public synchronized Map<Bytes, byte[]> load(Bytes groupId) {
        Map<Bytes, byte[]> out = new HashMap<>();
        try (PreparedStatement select = database.prepareStatement("SELECT name, value FROM mls WHERE grp = ?")) {
            select.setBytes(1, groupId.toByteArray());
            for (ResultSet rows = select.executeQuery(); rows.next(); ) {
                out.put(Bytes.wrap(rows.getBytes(1)), rows.getBytes(2));
            }
            return out;
        } catch (SQLException e) {
            throw new StateStoreException("the group could not be read", e);
        } finally {
            undo();
        }
    }

    @Override
    public synchronized Set<Bytes> groups() {
        Set<Bytes> out = new HashSet<>();
        try (PreparedStatement select = database.prepareStatement("SELECT DISTINCT grp FROM mls")) {
            for (ResultSet rows = select.executeQuery(); rows.next(); ) {
                out.add(Bytes.wrap(rows.getBytes(1)));
            }
            return out;
        } catch (SQLException e) {
            throw new StateStoreException("the groups could not be listed", e);
        } finally {
            undo();
        }
    }

    private void run(String sql, byte[]... values) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setBytes(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    /** Ends the transaction: of a write that failed, so that nothing of it is left, or of a read. */
    private void undo() {
        try {
            database.rollback();
        } catch (SQLException e) {
            throw new StateStoreException("the database does not answer", e);
        }
    }
}
