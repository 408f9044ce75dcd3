package org.coppice.mls.state;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;

/**
 * A store in memory, for tests and for groups that need not outlive the process. It keeps copies of values and overwrites them
 * with zeros when they are replaced or deleted. Thread safe.
 */
public final class InMemoryStateStore implements StateStore {
    private final Map<Bytes, TreeMap<Bytes, byte[]>> groups = new HashMap<>();

    /** An empty store. */
    public InMemoryStateStore() {}

    @Override
    public synchronized void apply(StateChange change) {
        if (change.isClosed()) {
            throw new IllegalStateException("the change was wiped");
        }
        if (change.deletesGroup()) {
            wipe(groups.remove(change.groupId()));
        }
        TreeMap<Bytes, byte[]> records = groups.computeIfAbsent(change.groupId(), id -> new TreeMap<>());
        for (Bytes key : change.deletes()) {
            wipe(records.remove(key));
        }
        for (StateChange.Put put : change.puts()) {
            wipe(records.put(put.key(), put.value().clone()));
        }
        if (records.isEmpty()) {
            groups.remove(change.groupId());
        }
    }

    @Override
    public synchronized Map<Bytes, byte[]> load(Bytes groupId) {
        return copy(groups.getOrDefault(groupId, new TreeMap<>()));
    }

    @Override
    public synchronized Set<Bytes> groups() {
        return Set.copyOf(groups.keySet());
    }

    /** A second store of the same content: what a process finds that starts again after a crash at this point. */
    public synchronized InMemoryStateStore copy() {
        InMemoryStateStore out = new InMemoryStateStore();
        groups.forEach((id, records) -> out.groups.put(id, copy(records)));
        return out;
    }

    /** The records of a group as values that can be compared and printed: for tests only, as they hold secrets. */
    public synchronized Map<Bytes, Bytes> snapshot(Bytes groupId) {
        Map<Bytes, Bytes> out = new TreeMap<>();
        groups.getOrDefault(groupId, new TreeMap<>()).forEach((key, value) -> out.put(key, Bytes.copyOf(value)));
        return out;
    }

    private static TreeMap<Bytes, byte[]> copy(TreeMap<Bytes, byte[]> records) {
        TreeMap<Bytes, byte[]> out = new TreeMap<>();
        records.forEach((key, value) -> out.put(key, value.clone()));
        return out;
    }

    private static void wipe(byte[] value) {
        if (value != null) {
            Arrays.fill(value, (byte) 0);
        }
    }

    private static void wipe(TreeMap<Bytes, byte[]> records) {
        if (records != null) {
            records.values().forEach(InMemoryStateStore::wipe);
        }
    }

    /** How many groups there are, never a value. */
    @Override
    public synchronized String toString() {
        return "InMemoryStateStore[" + groups.size() + " groups]";
    }
}
