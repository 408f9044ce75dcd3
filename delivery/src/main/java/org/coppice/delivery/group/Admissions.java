package org.coppice.delivery.group;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.account.ClientTable;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;

/**
 * Who may read which part of a log: a client reads what was sent while it was a member, its own coming and going included. A client
 * whose name was given back since may do nothing, but its leaf is there ({@link Released}).
 */
final class Admissions {
    private Admissions() {}

    /**
     * One stay of a client in a group.
     *
     * @param from the first entry that it may read
     * @param until the last one; empty if it is still there
     * @param untilEpoch the epoch in which it left; empty if it is still there
     */
    record Stay(long from, Optional<Long> until, Optional<Long> untilEpoch) {
        boolean isPresent() {
            return until.isEmpty();
        }
    }

    /** The stays of a client, in order. */
    static List<Stay> of(Transaction tx, Bytes groupId, ClientId client) throws SQLException {
        return tx.list(
                "SELECT from_seq, until_seq, until_epoch FROM admission WHERE group_id = ? AND client = ?"
                        + " AND released = 0 ORDER BY from_seq",
                row -> new Stay(row.int64(1), row.optionalInt64(2), row.optionalInt64(3)),
                groupId,
                client.toString());
    }

    static boolean isMember(Transaction tx, Bytes groupId, ClientId client) throws SQLException {
        return tx.exists(
                "SELECT 1 FROM admission WHERE group_id = ? AND client = ? AND until_seq IS NULL AND released = 0",
                groupId,
                client.toString());
    }

    /** Whether a client of this name is in the group's tree, be it one that had the name before. */
    static boolean hasLeaf(Transaction tx, Bytes groupId, ClientId client) throws SQLException {
        return tx.exists(
                "SELECT 1 FROM admission WHERE group_id = ? AND client = ? AND until_seq IS NULL",
                groupId,
                client.toString());
    }

    /**
     * Whether any client of a user is a member. Asked one client after the other: for a join of both tables a database may choose to go
     * through all members of the group.
     */
    static boolean hasMemberOf(Transaction tx, Bytes groupId, UserName user) throws SQLException {
        for (ClientId client : ClientTable.clientsOf(tx, user)) {
            if (isMember(tx, groupId, client)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Opens for those of {@code clients} that are registered, and has them stay registered until the transaction ends: what is written
     * for one that is just giving its name back would be the next one's.
     */
    static void open(Transaction tx, Bytes groupId, Collection<ClientId> clients, long from) throws SQLException {
        tx.updateAll(
                "INSERT INTO admission (group_id, client, from_seq, until_seq, until_epoch)"
                        + " SELECT ?, client, ?, NULL, NULL FROM client WHERE client = ?"
                        + tx.dialect().forKeyShare(),
                clients.stream()
                        .map(client -> new Object[] {groupId, from, client.toString()})
                        .toList());
    }

    static void close(Transaction tx, Bytes groupId, ClientId client, long until, long epoch) throws SQLException {
        tx.update(
                "UPDATE admission SET until_seq = ?, until_epoch = ? WHERE group_id = ? AND client = ? AND until_seq IS NULL",
                until,
                epoch,
                groupId,
                client.toString());
    }

    /** Takes back what the Commit at {@code commitSeq} did: who came goes at {@code noticeSeq}, who went is back. */
    static List<ClientId> undo(Transaction tx, Bytes groupId, long commitSeq, long noticeSeq, long epoch)
            throws SQLException {
        List<ClientId> moved = tx.list(
                "SELECT client FROM admission WHERE group_id = ? AND (from_seq = ? OR until_seq = ?)",
                row -> ClientId.parse(row.text(1)),
                groupId,
                commitSeq,
                commitSeq);
        tx.update(
                "UPDATE admission SET until_seq = ?, until_epoch = ? WHERE group_id = ? AND from_seq = ?",
                noticeSeq,
                epoch,
                groupId,
                commitSeq);
        tx.update(
                "UPDATE admission SET until_seq = NULL, until_epoch = NULL WHERE group_id = ? AND until_seq = ?",
                groupId,
                commitSeq);
        return moved;
    }
}
