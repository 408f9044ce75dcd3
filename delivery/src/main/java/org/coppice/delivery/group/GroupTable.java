package org.coppice.delivery.group;

import java.sql.SQLException;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.engine.Row;
import org.coppice.delivery.engine.Transaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.DecodeException;

/** The rows of groups. Every change of epoch or head goes through the three statements here that move them. */
public final class GroupTable {
    private GroupTable() {}

    /** A group, if there is one of this id. */
    public static Optional<GroupRow> find(Transaction tx, Bytes groupId) throws SQLException {
        return find(tx, groupId, "");
    }

    /** A group, held until the transaction ends. */
    static Optional<GroupRow> lock(Transaction tx, Bytes groupId) throws SQLException {
        return find(tx, groupId, tx.dialect().forUpdate());
    }

    private static Optional<GroupRow> find(Transaction tx, Bytes groupId, String lock) throws SQLException {
        return tx.first(
                "SELECT epoch, head_seq, first_seq, cipher_suite, settings, ended, commit_seq, committer, confirmed,"
                        + " handshake_seq, tree_floor FROM grp WHERE group_id = ?" + lock,
                row -> row(groupId, row),
                groupId);
    }

    private static GroupRow row(Bytes groupId, Row row) throws SQLException {
        return new GroupRow(
                groupId,
                row.int64(1),
                row.int64(2),
                row.int64(3),
                new CipherSuite(row.int32(4)),
                settings(row.bytes(5)),
                row.flag(6),
                row.int64(7),
                row.text(8),
                row.flag(9),
                row.int64(10),
                row.int64(11));
    }

    static GroupSettings settings(Bytes stored) {
        Decoder<GroupSettings> decoder = GroupSettings::decode;
        try {
            return decoder.decodeAll(stored, DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new IllegalStateException("stored settings are damaged", e);
        }
    }

    /** Adds a group with an empty log; false if there is one of this id. */
    static boolean add(Transaction tx, Bytes groupId, long epoch, CipherSuite suite, GroupSettings settings, long now)
            throws SQLException {
        return tx.update(
                        "INSERT INTO grp (group_id, epoch, head_seq, first_seq, cipher_suite, settings, ended, commit_seq,"
                                + " committer, confirmed, handshake_seq, tree_floor, moved) VALUES (?, ?, 0, 1, ?, ?, 0, 0,"
                                + " '', 1, 0, ?, ?) ON CONFLICT (group_id) DO NOTHING",
                        groupId,
                        epoch,
                        suite.value(),
                        Bytes.wrap(settings.encoded()),
                        epoch,
                        now)
                == 1;
    }

    /**
     * Enters the next epoch, if the group is in {@code epoch}: the compare-and-set by which one Commit wins.
     *
     * @return the Commit's place in the log; empty if the group is in another epoch, or ended
     */
    static Optional<Long> moveEpoch(
            Transaction tx, Bytes groupId, long epoch, ClientId committer, boolean ends, long now) throws SQLException {
        return tx.first(
                "UPDATE grp SET epoch = epoch + 1, head_seq = head_seq + 1, commit_seq = head_seq + 1,"
                        + " handshake_seq = head_seq + 1, committer = ?, confirmed = 0, ended = ?, moved = ?"
                        + " WHERE group_id = ? AND epoch = ? AND ended = 0 RETURNING head_seq",
                row -> row.int64(1),
                committer.toString(),
                ends,
                now,
                groupId,
                epoch);
    }

    /**
     * The place of a message.
     *
     * @param seq its entry
     * @param epoch the group's epoch then
     */
    record Place(long seq, long epoch) {}

    /**
     * Makes room for a message of {@code epoch}, if the group is in it or at most {@code late} further.
     *
     * @param member the member who sent it, and shows by it that it is in the present epoch; empty if an outsider did
     * @param handshake whether it is a proposal
     */
    static Optional<Place> moveHead(
            Transaction tx,
            Bytes groupId,
            long epoch,
            long late,
            Optional<ClientId> member,
            boolean handshake,
            long now)
            throws SQLException {
        return tx.first(
                "UPDATE grp SET head_seq = head_seq + 1,"
                        + " handshake_seq = CASE WHEN ? = 1 THEN head_seq + 1 ELSE handshake_seq END,"
                        + " confirmed = CASE WHEN ? = 1 AND epoch = ? AND committer <> ? THEN 1 ELSE confirmed END, moved = ?"
                        + " WHERE group_id = ? AND epoch >= ? AND epoch <= ? AND ended = 0 RETURNING head_seq, epoch",
                row -> new Place(row.int64(1), row.int64(2)),
                handshake,
                member.isPresent(),
                epoch,
                member.map(ClientId::toString).orElse(""),
                now,
                groupId,
                epoch,
                epoch + late);
    }

    /** Goes back one epoch, to where the group was before the Commit that counts no longer; returns the place of the notice. */
    static long moveBack(Transaction tx, GroupRow row, long now) throws SQLException {
        return tx.first(
                        "UPDATE grp SET epoch = epoch - 1, head_seq = head_seq + 1, handshake_seq = head_seq + 1,"
                                + " commit_seq = 0, committer = '', confirmed = 1, ended = 0, moved = ? WHERE group_id = ?"
                                + " RETURNING head_seq",
                        r -> r.int64(1),
                        now,
                        row.groupId())
                .orElseThrow();
    }

    static void changeSettings(Transaction tx, Bytes groupId, GroupSettings settings) throws SQLException {
        tx.update("UPDATE grp SET settings = ? WHERE group_id = ?", Bytes.wrap(settings.encoded()), groupId);
    }
}
