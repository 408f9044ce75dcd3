package org.coppice.delivery.http;

import java.util.ArrayList;
import java.util.List;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.framing.MlsMessage;

/** A group of {@link FakeService}. */
final class FakeGroup {
    private static final long TIME = 1_800_000_000_000L;

    final MlsMessage groupInfo;
    private final List<LogEntry> log = new ArrayList<>();
    private GroupSettings settings;
    private long epoch;

    FakeGroup(MlsMessage groupInfo, GroupSettings settings) {
        this.groupInfo = groupInfo;
        this.settings = settings;
    }

    /** Appends if {@code expected} is the epoch; returns the entry's place, or -1. */
    synchronized long append(EntryKind kind, long expected, Bytes message) {
        if (kind == EntryKind.COMMIT && expected != epoch) {
            return -1;
        }
        log.add(new LogEntry(log.size() + 1, kind, epoch, TIME, message));
        if (kind == EntryKind.COMMIT) {
            epoch++;
        }
        return log.size();
    }

    synchronized LogPage page(long after, int limit) {
        int from = (int) Math.min(after, log.size());
        return new LogPage(log.size(), epoch, log.subList(from, Math.min(log.size(), from + limit)));
    }

    synchronized long epoch() {
        return epoch;
    }

    synchronized long head() {
        return log.size();
    }

    synchronized GroupSettings settings() {
        return settings;
    }

    synchronized void settings(GroupSettings changed) {
        settings = changed;
    }
}
