package org.coppice.delivery.group;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.coppice.delivery.api.CannotProcess;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.VoidedCommit;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.inbox.Inbox;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.Rule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes reports of entries that members cannot process, and is the way out when the service has taken a Commit that the members cannot
 * (RFC 9750 §5.3): the Commit is taken back.
 *
 * <p>That happens only if it began the present epoch, nobody but its committer has shown to be in that epoch, and more than half of the
 * others report it: of those who were members before it and are members after it. So no minority can undo a Commit, whoever it removes
 * cannot either, and one that some could process stands. Those whom it wedged can still come back by an external Commit, alone, where
 * policy lets them.
 *
 * <p>Nothing is erased from the log. An entry says that the Commit counts no longer; the epoch, the GroupInfo, the tree, and who may read
 * are as they were before it; its Welcomes that nobody fetched are withdrawn. Thread safe.
 */
public final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final Parts parts;

    /** @param parts what it works with */
    public Reports(Parts parts) {
        this.parts = parts;
    }

    private record Done(Outcome outcome, long noticeSeq, List<ClientId> moved) {}

    /** Takes a report. */
    public void report(Requests.Key key, CannotProcess report) throws DeliveryException, IOException {
        parts.requests().once(key, () -> {
            Done done = parts.engine().write(tx -> report(tx, key, report));
            LOG.info("a member cannot process an entry ({})", known(report.rule()));
            if (done.noticeSeq() > 0) {
                LOG.warn("a Commit was taken back after reports of most members");
                parts.hub().groupMoved(report.groupId(), done.noticeSeq());
                done.moved().forEach(parts.hub()::membershipMoved);
            }
            return done.outcome();
        });
    }

    /** The rule if it is one of RFC 9420's: what a client makes up does not belong into the service's log. */
    private static String known(String rule) {
        return Arrays.stream(Rule.values()).anyMatch(one -> one.name().equals(rule)) ? rule : "another rule";
    }

    private Done report(Transaction tx, Requests.Key key, CannotProcess report) throws SQLException, DeliveryException {
        Bytes groupId = report.groupId();
        // Held, so that of two reports at once the second sees the first.
        GroupRow row = GroupTable.lock(tx, groupId).orElseThrow(Access::unknownGroup);
        List<Admissions.Stay> stays = Admissions.of(tx, groupId, key.client());
        if (stays.isEmpty()) {
            throw Access.unknownGroup();
        }
        boolean mayRead = stays.stream()
                .anyMatch(stay -> stay.from() <= report.seq()
                        && report.seq() <= stay.until().orElse(row.head()));
        if (!mayRead) {
            throw Problem.of(ProblemKind.UNKNOWN, "there is no such entry for this client")
                    .asException();
        }
        boolean isNew = tx.update(
                        "INSERT INTO report (group_id, seq, client, rule, time) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (group_id, seq, client) DO NOTHING",
                        groupId,
                        report.seq(),
                        key.client().toString(),
                        report.rule(),
                        parts.now())
                == 1;
        parts.requests().record(tx, key, Outcome.DONE);
        boolean inQuestion = row.commitSeq() > 0 && row.commitSeq() == report.seq() && !row.confirmed();
        if (!inQuestion || !isNew || !mostReport(tx, row)) {
            return new Done(Outcome.DONE, 0, List.of());
        }
        return takeBack(tx, row);
    }

    /**
     * Whether most of the members on both sides of the Commit, its committer apart, report it. Of them only as many are counted as would
     * outnumber the reports: what one report costs grows with how many there are, and not with the group.
     */
    private static boolean mostReport(Transaction tx, GroupRow row) throws SQLException {
        long reports =
                count(tx, "SELECT COUNT(*) FROM report WHERE group_id = ? AND seq = ?", row.groupId(), row.commitSeq());
        String others = "SELECT 1 FROM admission a WHERE a.group_id = ? AND a.from_seq < ? AND a.until_seq IS NULL"
                + " AND a.released = 0 AND a.client <> ?";
        long all = count(
                tx,
                "SELECT COUNT(*) FROM (" + others + " LIMIT ?) found",
                row.groupId(),
                row.commitSeq(),
                row.committer(),
                2 * reports);
        if (all >= 2 * reports) {
            return false;
        }
        long reporting = count(
                tx,
                "SELECT COUNT(*) FROM (" + others + " AND EXISTS (SELECT 1 FROM report r WHERE r.group_id = a.group_id"
                        + " AND r.seq = ? AND r.client = a.client)) found",
                row.groupId(),
                row.commitSeq(),
                row.committer(),
                row.commitSeq());
        return 2 * reporting > all;
    }

    private static long count(Transaction tx, String sql, Object... parameters) throws SQLException {
        return tx.first(sql, found -> found.int64(1), parameters).orElseThrow();
    }

    private Done takeBack(Transaction tx, GroupRow row) throws SQLException {
        Bytes groupId = row.groupId();
        long voided = row.epoch();
        long notice = GroupTable.moveBack(tx, row, parts.now());
        Bytes body = Bytes.wrap(new VoidedCommit(row.commitSeq()).encoded());
        LogTable.add(tx, groupId, new LogEntry(notice, EntryKind.VOID, voided - 1, parts.now(), body));
        RecordTable.forgetFrom(tx, groupId, voided);
        tx.update("DELETE FROM group_info WHERE group_id = ? AND epoch >= ?", groupId, voided);
        tx.update("DELETE FROM group_tree WHERE group_id = ? AND epoch >= ?", groupId, voided);
        Inbox.withdraw(tx, groupId, row.commitSeq());
        return new Done(Outcome.DONE, notice, Admissions.undo(tx, groupId, row.commitSeq(), notice, voided));
    }
}
