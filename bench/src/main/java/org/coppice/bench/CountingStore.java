package org.coppice.bench;

import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStore;

/** A store that keeps nothing but counts what it is told to write. Not thread safe. */
final class CountingStore implements StateStore {
    private int writes;
    private int records;
    private int deletes;
    private long bytes;

    @Override
    public void apply(StateChange change) {
        writes++;
        records += change.puts().size();
        deletes += change.deletes().size();
        for (StateChange.Put put : change.puts()) {
            bytes += put.key().length() + put.value().length;
        }
    }

    @Override
    public Map<Bytes, byte[]> load(Bytes groupId) {
        return Map.of();
    }

    @Override
    public Set<Bytes> groups() {
        return Set.of();
    }

    void reset() {
        writes = 0;
        records = 0;
        deletes = 0;
        bytes = 0;
    }

    /** What came since the last reset. */
    Counts counts() {
        return new Counts(writes, records, deletes, bytes);
    }

    /**
     * What was written.
     *
     * @param writes transactions
     * @param records records that were put
     * @param deletes records that were deleted
     * @param bytes keys and values that were put
     */
    record Counts(int writes, int records, int deletes, long bytes) {
        @Override
        public String toString() {
            return records + " records, " + bytes + " bytes, " + deletes + " deletes in " + writes
                    + (writes == 1 ? " write" : " writes");
        }
    }
}
