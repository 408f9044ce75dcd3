package org.coppice.delivery.group;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.hint.Heads;
import org.coppice.delivery.inbox.Inbox;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.mls.codec.Bytes;

/** Gives out what is in the logs. Thread safe. */
public final class LogReader implements Heads {
    private final Engine engine;
    private final SizeLimits sizes;

    /** @param engine where the logs are */
    public LogReader(Engine engine, SizeLimits sizes) {
        this.engine = engine;
        this.sizes = sizes;
    }

    /** The entries after {@code after} that a client may read. */
    public LogPage read(ClientId client, Bytes groupId, long after, int limit) throws DeliveryException, IOException {
        return engine.read(tx -> read(tx, client, groupId, after, Math.max(1, Math.min(limit, sizes.pageEntries()))));
    }

    private LogPage read(Transaction tx, ClientId client, Bytes groupId, long after, int limit)
            throws SQLException, DeliveryException {
        GroupRow row = GroupTable.find(tx, groupId).orElseThrow(Access::unknownGroup);
        List<Admissions.Stay> stays = Admissions.of(tx, groupId, client);
        if (stays.isEmpty()) {
            throw Access.unknownGroup();
        }
        Admissions.Stay last = stays.get(stays.size() - 1);
        long head = last.until().orElse(row.head());
        long epoch = last.untilEpoch().orElse(row.epoch());
        List<LogEntry> entries = new ArrayList<>();
        for (Admissions.Stay stay : stays) {
            long from = Math.max(Math.max(0, after) + 1, stay.from());
            long until = stay.until().orElse(row.head());
            // One stay at a time, so that a page has no gap; the reader's next page is of the next one.
            if (from <= until) {
                if (from < row.first()) {
                    throw Problem.of(ProblemKind.GONE, "the entry is kept no longer")
                            .asException();
                }
                entries = LogTable.read(tx, groupId, from, until, limit);
                break;
            }
        }
        return new LogPage(head, epoch, withinBytes(entries));
    }

    private List<LogEntry> withinBytes(List<LogEntry> entries) {
        long bytes = 0;
        int count = 0;
        for (LogEntry entry : entries) {
            bytes += entry.message().length();
            if (bytes > sizes.pageBytes() && count > 0) {
                break;
            }
            count++;
        }
        return entries.subList(0, count);
    }

    private record StayIn(
            Bytes groupId, long epoch, long head, long from, Optional<Long> until, Optional<Long> untilEpoch) {}

    /** The groups that a client may read: for each its last stay. */
    public List<GroupHead> groups(ClientId client) throws DeliveryException, IOException {
        return engine.read(tx -> tx
                .list(
                        "SELECT a.group_id, g.epoch, g.head_seq, a.from_seq, a.until_seq, a.until_epoch FROM admission a"
                                + " JOIN grp g ON g.group_id = a.group_id WHERE a.client = ? AND a.released = 0 AND a.from_seq ="
                                + " (SELECT MAX(b.from_seq) FROM admission b WHERE b.group_id = a.group_id"
                                + " AND b.client = a.client AND b.released = 0)"
                                + " ORDER BY a.group_id",
                        row -> new StayIn(
                                row.bytes(1),
                                row.int64(2),
                                row.int64(3),
                                row.int64(4),
                                row.optionalInt64(5),
                                row.optionalInt64(6)),
                        client.toString())
                .stream()
                .map(stay -> new GroupHead(
                        stay.groupId(),
                        stay.untilEpoch().orElse(stay.epoch()),
                        stay.until().orElse(stay.head()),
                        Math.max(1, stay.from()),
                        stay.until().isEmpty()))
                .toList());
    }

    @Override
    public Heads.Snapshot of(ClientId client) throws DeliveryException, IOException {
        return engine.read(tx -> new Heads.Snapshot(
                tx.list(
                        "SELECT a.group_id, g.head_seq, g.moved FROM admission a JOIN grp g ON g.group_id = a.group_id"
                                + " WHERE a.client = ? AND a.until_seq IS NULL AND a.released = 0",
                        row -> new Heads.Moved(row.bytes(1), row.int64(2), row.int64(3)),
                        client.toString()),
                Inbox.head(tx, client)));
    }
}
