package org.coppice.client.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.HistoryCodec;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.DecodeException;

/** The history of conversations: one line at most for each entry of the log. */
final class History {
    private History() {}

    static void add(Unit unit, Bytes groupId, HistoryEntry entry) {
        unit.records().put(Spaces.history(groupId), Space.key(entry.place().seq()), HistoryCodec.encode(entry));
        unit.tell(new ClientEvent.Added(groupId, entry));
    }

    /** The lines after an entry of the log, the earliest first. */
    static List<HistoryEntry> after(Unit unit, Bytes groupId, long seq, int limit) {
        return decode(unit.records().after(Spaces.history(groupId), seq, limit));
    }

    /** The lines before an entry of the log, 0 for the end; the earliest first. */
    static List<HistoryEntry> before(Unit unit, Bytes groupId, long seq, int limit) {
        List<HistoryEntry> out = new ArrayList<>(decode(unit.records().before(Spaces.history(groupId), seq, limit)));
        Collections.reverse(out);
        return out;
    }

    private static List<HistoryEntry> decode(List<StoreTransaction.Stored> records) {
        List<HistoryEntry> out = new ArrayList<>(records.size());
        for (StoreTransaction.Stored record : records) {
            try {
                out.add(HistoryCodec.decode(record.value()));
            } catch (DecodeException e) {
                throw new StoreException(StoreException.Reason.DAMAGED, "a line of history cannot be read", e);
            }
        }
        return out;
    }
}
