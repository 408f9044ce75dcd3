package org.coppice.client.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.coppice.mls.codec.Bytes;

/**
 * A store in memory: for tests, and for clients that need not outlive the process. It overwrites values with zeros when they are
 * replaced or deleted for good. Thread safe.
 */
public final class InMemoryClientStore implements ClientStore {
    private final Map<Space, TreeMap<Bytes, byte[]>> spaces = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    /** An empty store. */
    public InMemoryClientStore() {}

    @Override
    public StoreTransaction begin() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread has a transaction open");
        }
        lock.lock();
        if (closed) {
            lock.unlock();
            throw new IllegalStateException("the store is closed");
        }
        return new Transaction();
    }

    /** A second store of the same content: what a process finds that starts again after a crash. Waits for an open transaction. */
    public InMemoryClientStore copy() {
        lock.lock();
        try {
            InMemoryClientStore out = new InMemoryClientStore();
            spaces.forEach((space, records) -> {
                TreeMap<Bytes, byte[]> copies = new TreeMap<>();
                records.forEach((key, value) -> copies.put(key, value.clone()));
                out.spaces.put(space, copies);
            });
            return out;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            spaces.values().forEach(records -> records.values().forEach(InMemoryClientStore::wipe));
            spaces.clear();
        } finally {
            lock.unlock();
        }
    }

    private static void wipe(byte[] value) {
        if (value != null) {
            Arrays.fill(value, (byte) 0);
        }
    }

    /** Writes at once and remembers how to undo it. */
    private final class Transaction implements StoreTransaction {
        /** What a key held before; null for nothing. */
        private final class Former {
            private final Space space;
            private final Bytes key;
            private final byte[] value;

            Former(Space space, Bytes key, byte[] value) {
                this.space = space;
                this.key = key;
                this.value = value;
            }
        }

        private final Deque<Former> undo = new ArrayDeque<>();
        private boolean open = true;

        private NavigableMap<Bytes, byte[]> records(Space space) {
            if (!open) {
                throw new IllegalStateException("the transaction has ended");
            }
            TreeMap<Bytes, byte[]> found = spaces.get(space);
            return found == null ? new TreeMap<>() : found;
        }

        @Override
        public Optional<byte[]> get(Space space, Bytes key) {
            byte[] value = records(space).get(space.checked(key));
            return value == null ? Optional.empty() : Optional.of(value.clone());
        }

        @Override
        public void put(Space space, Bytes key, byte[] value) {
            records(space);
            replace(space, space.checked(key), value.clone());
        }

        @Override
        public void delete(Space space, Bytes key) {
            if (records(space).containsKey(space.checked(key))) {
                replace(space, key, null);
            }
        }

        @Override
        public void deleteAll(Space space) {
            List.copyOf(records(space).keySet()).forEach(key -> replace(space, key, null));
        }

        private void replace(Space space, Bytes key, byte[] value) {
            TreeMap<Bytes, byte[]> records = spaces.computeIfAbsent(space, s -> new TreeMap<>());
            undo.push(new Former(space, key, value == null ? records.remove(key) : records.put(key, value)));
            if (records.isEmpty()) {
                spaces.remove(space);
            }
        }

        @Override
        public List<Stored> all(Space space) {
            return copies(records(space), Integer.MAX_VALUE);
        }

        @Override
        public List<Stored> after(Space sequence, long after, int limit) {
            return copies(records(sequence.requireSequence()).tailMap(Space.key(after), false), limit);
        }

        @Override
        public List<Stored> before(Space sequence, long before, int limit) {
            NavigableMap<Bytes, byte[]> records = records(sequence.requireSequence());
            NavigableMap<Bytes, byte[]> earlier = before == 0 ? records : records.headMap(Space.key(before), false);
            return copies(earlier.descendingMap(), limit);
        }

        private List<Stored> copies(NavigableMap<Bytes, byte[]> records, int limit) {
            List<Stored> out = new ArrayList<>();
            for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
                if (out.size() == limit) {
                    break;
                }
                out.add(new Stored(entry.getKey(), entry.getValue().clone()));
            }
            return out;
        }

        @Override
        public void commit() {
            records(Space.named("", Bytes.EMPTY));
            undo.forEach(former -> wipe(former.value));
            end();
        }

        @Override
        public void close() {
            if (!open) {
                return;
            }
            for (Former former : undo) {
                TreeMap<Bytes, byte[]> records = spaces.computeIfAbsent(former.space, s -> new TreeMap<>());
                wipe(former.value == null ? records.remove(former.key) : records.put(former.key, former.value));
                if (records.isEmpty()) {
                    spaces.remove(former.space);
                }
            }
            end();
        }

        private void end() {
            open = false;
            undo.clear();
            lock.unlock();
        }
    }

    /** How many spaces there are, never a value. */
    @Override
    public String toString() {
        return "InMemoryClientStore";
    }
}
