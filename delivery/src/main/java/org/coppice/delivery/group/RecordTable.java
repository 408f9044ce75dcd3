package org.coppice.delivery.group;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.state.StateChange;

/**
 * The public state of groups, in versions: a Commit writes the records that it changes once more, under its epoch, so that the state of
 * any epoch that is kept is the newest version of each record that is not later.
 */
final class RecordTable {
    private RecordTable() {}

    private record Version(Bytes key, Optional<Bytes> value) {}

    /** The records of a group as they were in {@code epoch}. */
    static Map<Bytes, byte[]> load(Transaction tx, Bytes groupId, long epoch) throws SQLException {
        Map<Bytes, byte[]> out = new HashMap<>();
        List<Version> versions = tx.list(
                "SELECT record_key, value FROM group_record WHERE group_id = ? AND epoch <= ?"
                        + " ORDER BY record_key, epoch",
                row -> new Version(row.bytes(1), row.optionalBytes(2)),
                groupId,
                epoch);
        for (Version version : versions) {
            if (version.value().isPresent()) {
                out.put(version.key(), version.value().get().toByteArray());
            } else {
                out.remove(version.key());
            }
        }
        return out;
    }

    /** Writes what changes in {@code epoch}. */
    static void write(Transaction tx, Bytes groupId, long epoch, StateChange change) throws SQLException {
        List<Object[]> rows =
                new ArrayList<>(change.puts().size() + change.deletes().size());
        for (StateChange.Put put : change.puts()) {
            rows.add(new Object[] {groupId, put.key(), epoch, Bytes.wrap(put.value())});
        }
        for (Bytes key : change.deletes()) {
            rows.add(new Object[] {groupId, key, epoch, Transaction.NO_BYTES});
        }
        tx.updateAll(
                "INSERT INTO group_record (group_id, record_key, epoch, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (group_id, record_key, epoch) DO UPDATE SET value = excluded.value",
                rows);
    }

    /** Forgets what was written for {@code epoch} and later ones. */
    static void forgetFrom(Transaction tx, Bytes groupId, long epoch) throws SQLException {
        tx.update("DELETE FROM group_record WHERE group_id = ? AND epoch >= ?", groupId, epoch);
    }
}
