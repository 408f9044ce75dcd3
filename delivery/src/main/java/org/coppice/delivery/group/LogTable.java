package org.coppice.delivery.group;

import java.sql.SQLException;
import java.util.List;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.engine.Row;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;

/** The entries of logs. */
final class LogTable {
    private LogTable() {}

    static void add(Transaction tx, Bytes groupId, LogEntry entry) throws SQLException {
        tx.update(
                "INSERT INTO log (group_id, seq, kind, epoch, time, message) VALUES (?, ?, ?, ?, ?, ?)",
                groupId,
                entry.seq(),
                entry.kind().value(),
                entry.epoch(),
                entry.timeMillis(),
                entry.message());
    }

    /** Entries from {@code from} to {@code until}, both included, at most {@code limit}. */
    static List<LogEntry> read(Transaction tx, Bytes groupId, long from, long until, int limit) throws SQLException {
        return tx.list(
                "SELECT seq, kind, epoch, time, message FROM log WHERE group_id = ? AND seq >= ? AND seq <= ?"
                        + " ORDER BY seq LIMIT ?",
                LogTable::entry,
                groupId,
                from,
                until,
                limit);
    }

    /** The entries after {@code after} that are no application messages. */
    static List<LogEntry> handshakes(Transaction tx, Bytes groupId, long after) throws SQLException {
        return tx.list(
                "SELECT seq, kind, epoch, time, message FROM log WHERE group_id = ? AND seq > ? AND kind <> ?"
                        + " ORDER BY seq",
                LogTable::entry,
                groupId,
                after,
                EntryKind.APPLICATION.value());
    }

    private static LogEntry entry(Row row) throws SQLException {
        return new LogEntry(row.int64(1), kind(row.int32(2)), row.int64(3), row.int64(4), row.bytes(5));
    }

    private static EntryKind kind(int value) {
        for (EntryKind kind : EntryKind.values()) {
            if (kind.value() == value) {
                return kind;
            }
        }
        throw new IllegalStateException("a stored entry has an unknown kind");
    }
}
