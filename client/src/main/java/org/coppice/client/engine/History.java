package org.coppice.client.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.ClientEvent.RecordsLost;
import org.coppice.client.model.HistoryCodec;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

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

    /** The number of the last line; 0 if there is none. */
    static long last(Unit unit, Bytes groupId) {
        return unit.records().before(Spaces.history(groupId), 0, 1).stream()
                .mapToLong(StoreTransaction.Stored::number)
                .findFirst()
                .orElse(0);
    }

    /** Puts a line that says so in the place of each that cannot be read; the caller commits. */
    static void mend(Unit unit, Bytes groupId) {
        Space space = Spaces.history(groupId);
        List<Bytes> gone = new ArrayList<>(unit.records().deleteDamaged(space));
        for (StoreTransaction.Stored record : unit.records().all(space)) {
            if (!Damage.isReadable(() -> decode(List.of(record)))) {
                gone.add(record.key());
            }
        }
        for (Bytes key : gone) {
            HistoryEntry.Place place = new HistoryEntry.Place(Space.number(key), 0, 0);
            HistoryEntry line = new HistoryEntry.Unreadable(place, Rule.STORED_STATE.name());
            unit.records().put(space, key, HistoryCodec.encode(line));
        }
        if (!gone.isEmpty()) {
            unit.tell(new RecordsLost(groupId, RecordsLost.Kind.HISTORY, gone.size()));
        }
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
