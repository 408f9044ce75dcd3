package org.coppice.delivery.retention;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.engine.Work;
import org.coppice.delivery.group.GroupRow;
import org.coppice.delivery.group.GroupTable;
import org.coppice.delivery.keypackage.ProfileTable;
import org.coppice.mls.codec.Bytes;

/**
 * Deletes what need not be kept any longer, a little in each transaction. Any node may do it at any time, several at once too.
 * Thread safe.
 */
public final class Pruner {
    private static final int GROUPS_AT_ONCE = 100;
    private static final int ROWS_AT_ONCE = 5000;

    private final Engine engine;
    private final Clock clock;
    private final Keeping keeping;

    /** @param keeping how long things are kept */
    public Pruner(Engine engine, Clock clock, Keeping keeping) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.keeping = Objects.requireNonNull(keeping, "keeping");
    }

    /** Deletes all that is too much now. */
    public void prune() throws DeliveryException, IOException {
        pruneExpired();
        Bytes after = Bytes.EMPTY;
        while (true) {
            Bytes from = after;
            List<Bytes> groups = engine.read(tx -> tx.list(
                    "SELECT group_id FROM grp WHERE group_id > ? ORDER BY group_id LIMIT ?",
                    row -> row.bytes(1),
                    from,
                    GROUPS_AT_ONCE));
            if (groups.isEmpty()) {
                return;
            }
            for (Bytes group : groups) {
                pruneGroup(group);
            }
            after = groups.get(groups.size() - 1);
        }
    }

    // ---- groups

    private void pruneGroup(Bytes groupId) throws DeliveryException, IOException {
        boolean more = true;
        while (more) {
            more = engine.write(tx -> {
                Optional<GroupRow> row = GroupTable.find(tx, groupId);
                return row.isPresent() && pruneLog(tx, row.get());
            });
        }
        engine.write(tx -> {
            Optional<GroupRow> row = GroupTable.find(tx, groupId);
            if (row.isPresent()) {
                pruneTrees(tx, row.get());
            }
            return null;
        });
    }

    /** Whether there is more to delete. The last entry stays, so that who is up to date is never told that something is gone. */
    private boolean pruneLog(Transaction tx, GroupRow row) throws SQLException {
        Bytes groupId = row.groupId();
        long age = row.settings()
                .retention()
                .maxAge()
                .map(asked -> Math.min(asked.toMillis(), keeping.logAge().toMillis()))
                .orElse(keeping.logAge().toMillis());
        long entries = row.settings()
                .retention()
                .maxEntries()
                .map(asked -> Math.min(asked, keeping.logEntries()))
                .orElse(keeping.logEntries());
        long chunkEnd = Math.min(row.first() + ROWS_AT_ONCE - 1, row.head() - 1);
        long young = tx.first(
                        "SELECT MIN(seq) FROM log WHERE group_id = ? AND seq >= ? AND seq <= ? AND time >= ?",
                        found -> found.optionalInt64(1),
                        groupId,
                        row.first(),
                        chunkEnd,
                        clock.millis() - age)
                .flatMap(found -> found)
                .orElse(chunkEnd + 1);
        long last = Math.min(chunkEnd, Math.max(young - 1, row.head() - entries));
        if (last < row.first()) {
            return false;
        }
        tx.update("DELETE FROM log WHERE group_id = ? AND seq <= ?", groupId, last);
        tx.update("UPDATE grp SET first_seq = ? WHERE group_id = ? AND first_seq < ?", last + 1, groupId, last + 1);
        tx.update("DELETE FROM report WHERE group_id = ? AND seq <= ?", groupId, last);
        tx.update("DELETE FROM admission WHERE group_id = ? AND until_seq <= ?", groupId, last);
        return last == chunkEnd && last < row.head() - 1;
    }

    /** A late joiner needs the tree of the epoch that its Welcome is for: it is kept as long as the Welcome waits. */
    private void pruneTrees(Transaction tx, GroupRow row) throws SQLException {
        Bytes groupId = row.groupId();
        long awaited = tx.first(
                        "SELECT MIN(w.epoch) FROM welcome w WHERE w.group_id = ? AND EXISTS (SELECT 1 FROM inbox i WHERE"
                                + " i.group_id = w.group_id AND i.log_seq = w.log_seq)",
                        found -> found.optionalInt64(1),
                        groupId)
                .flatMap(found -> found)
                .orElse(Long.MAX_VALUE);
        long floor = Math.min(row.epoch() - keeping.epochs(), awaited);
        if (floor <= row.treeFloor()) {
            return;
        }
        tx.update("UPDATE grp SET tree_floor = ? WHERE group_id = ? AND tree_floor < ?", floor, groupId, floor);
        tx.update("DELETE FROM group_tree WHERE group_id = ? AND epoch < ?", groupId, floor);
        // What a later version, not later than the floor, has replaced; then what was gone by then.
        tx.update(
                "DELETE FROM group_record WHERE group_id = ? AND epoch < ? AND EXISTS (SELECT 1 FROM group_record n WHERE"
                        + " n.group_id = group_record.group_id AND n.record_key = group_record.record_key"
                        + " AND n.epoch > group_record.epoch AND n.epoch <= ?)",
                groupId,
                floor,
                floor);
        tx.update("DELETE FROM group_record WHERE group_id = ? AND epoch <= ? AND value IS NULL", groupId, floor);
    }

    // ---- what expires

    private void pruneExpired() throws DeliveryException, IOException {
        long now = clock.millis();
        deleteAll(
                "DELETE FROM key_package WHERE ref IN (SELECT ref FROM key_package WHERE not_after <= ? LIMIT ?)", now);
        deleteAll(
                "DELETE FROM key_package_ref WHERE ref IN (SELECT ref FROM key_package_ref WHERE expires <= ? LIMIT ?)",
                now);
        engine.write(tx -> {
            ProfileTable.begin(tx, now);
            return null;
        });
        untilFewer(tx -> ProfileTable.prune(tx, now, ROWS_AT_ONCE));
        deleteAll("DELETE FROM token WHERE hash IN (SELECT hash FROM token WHERE expires <= ? LIMIT ?)", now);
        deleteAll(
                "DELETE FROM used_challenge WHERE challenge IN (SELECT challenge FROM used_challenge WHERE expires <= ?"
                        + " LIMIT ?)",
                now);
        deleteAll(
                "DELETE FROM request WHERE (client, request_id) IN (SELECT client, request_id FROM request WHERE time <= ?"
                        + " LIMIT ?)",
                now - keeping.answers().toMillis());
        deleteAll(
                "DELETE FROM inbox WHERE (client, seq) IN (SELECT i.client, i.seq FROM inbox i JOIN welcome w ON"
                        + " w.group_id = i.group_id AND w.log_seq = i.log_seq WHERE w.time <= ? LIMIT ?)",
                now - keeping.welcomes().toMillis());
        // What all its joiners have fetched; not one so new that its joiners' entries could still be on their way.
        deleteAll(
                "DELETE FROM welcome WHERE (group_id, log_seq) IN (SELECT w.group_id, w.log_seq FROM welcome w WHERE"
                        + " w.time <= ? AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.group_id = w.group_id"
                        + " AND i.log_seq = w.log_seq) LIMIT ?)",
                now);
    }

    private void deleteAll(String sql, long bound) throws DeliveryException, IOException {
        untilFewer(tx -> tx.update(sql, bound, ROWS_AT_ONCE));
    }

    /** @param deletion says how many rows it has deleted */
    private void untilFewer(Work<Integer> deletion) throws DeliveryException, IOException {
        int deleted;
        do {
            deleted = engine.write(deletion);
        } while (deleted == ROWS_AT_ONCE);
    }
}
