package org.coppice.delivery.group;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.coppice.delivery.account.DirectoryUnavailableException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.limit.Refusals;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public state of one group in memory. It is never ahead of the database, because it follows only what was written; where it is
 * behind, since another node wrote, {@link #catchUp} replays the log or loads the records anew. What it says is checked once more by the
 * transaction that is built on it.
 *
 * <p>All methods but {@link #lock} are called with the lock held. The lock is fair: of many committers none waits for ever.
 */
final class Mirror {
    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);
    private static final int MAX_REPLAY = 64;

    private final Bytes groupId;
    private final Engine engine;
    private final Environment environment;
    private final ReentrantLock lock = new ReentrantLock(true);
    private PublicGroup group;
    private long handshakeSeq = -1;

    Mirror(Bytes groupId, Engine engine, Environment environment) {
        this.groupId = groupId;
        this.engine = engine;
        this.environment = environment;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    PublicGroup group() {
        return group;
    }

    private record Behind(GroupRow row, List<LogEntry> missing, Map<Bytes, byte[]> records) {}

    /**
     * Brings the mirror to where the group is and returns the group's row of the same moment.
     *
     * @throws DeliveryException {@link ProblemKind#UNKNOWN_GROUP} if it is gone
     */
    GroupRow catchUp() throws DeliveryException, IOException {
        Behind behind = engine.read(tx -> {
            GroupRow row = GroupTable.find(tx, groupId).orElseThrow(Access::unknownGroup);
            if (group != null && row.handshakeSeq() == handshakeSeq) {
                return new Behind(row, List.of(), Map.of());
            }
            List<LogEntry> missing = group == null
                    ? List.of()
                    : LogTable.handshakes(tx, groupId, Math.max(handshakeSeq, row.first() - 1));
            boolean replay = group != null && canReplay(row, missing);
            return replay
                    ? new Behind(row, missing, Map.of())
                    : new Behind(row, List.of(), RecordTable.load(tx, groupId, row.epoch()));
        });
        GroupRow row = behind.row();
        if (!behind.records().isEmpty()) {
            load(behind.records(), row.handshakeSeq());
        } else if (!behind.missing().isEmpty() && !replay(behind.missing(), row)) {
            load(engine.read(tx -> RecordTable.load(tx, groupId, row.epoch())), row.handshakeSeq());
        }
        return row;
    }

    private boolean canReplay(GroupRow row, List<LogEntry> missing) {
        return handshakeSeq >= row.first() - 1
                && !missing.isEmpty()
                && missing.size() <= MAX_REPLAY
                && missing.stream().noneMatch(entry -> entry.kind() == EntryKind.VOID);
    }

    private boolean replay(List<LogEntry> missing, GroupRow row) {
        try {
            for (LogEntry entry : missing) {
                MlsMessage message = MlsMessage.decode(entry.message(), environment.limits());
                if (!(group.stage(message) instanceof Observed.Staged staged)) {
                    return false;
                }
                group.merge(staged);
                handshakeSeq = entry.seq();
            }
        } catch (MlsException | DirectoryUnavailableException e) {
            // What was accepted once is not judged again: a certificate may have expired since.
            group = null;
            return false;
        }
        return group.state().epoch() == row.epoch() && handshakeSeq == row.handshakeSeq();
    }

    private void load(Map<Bytes, byte[]> records, long seq) throws DeliveryException {
        try {
            group = PublicGroup.load(environment, records);
            handshakeSeq = seq;
        } catch (MlsException e) {
            LOG.error("the stored state of a group cannot be loaded", e);
            throw new DeliveryException(
                    Problem.of(ProblemKind.UNAVAILABLE, "the stored state of the group cannot be loaded"), e);
        }
    }

    /** Checks a handshake message against the present state; nothing changes. */
    Observed stage(MlsMessage message, GroupRow row) throws DeliveryException, IOException {
        try {
            return group.stage(message);
        } catch (StaleEpochException | FutureEpochException e) {
            throw row.staleEpoch();
        } catch (MlsException e) {
            throw Refusals.of(e);
        } catch (DirectoryUnavailableException e) {
            throw e.rethrow();
        }
    }

    /** Follows what has been written as entry {@code seq}. */
    void merge(Observed.Staged staged, long seq) {
        group.merge(staged);
        handshakeSeq = seq;
    }

    /** Puts in place what was just created, and written. */
    void begin(PublicGroup created) {
        group = created;
        handshakeSeq = 0;
    }

    Bytes groupId() {
        return groupId;
    }

    /** How many members are held in memory; at least one, as an empty mirror is not for nothing either. */
    int memberCount() {
        return group == null ? 1 : group.state().tree().memberCount();
    }
}
