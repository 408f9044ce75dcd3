package org.coppice.mls.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/**
 * What one operation writes: to be applied as a whole or not at all, in one transaction of the application's store.
 *
 * <p>If {@link #deletesGroup()}, everything of the group goes first; then {@link #deletes()} and {@link #puts()}, which name no
 * key in common, in any order. Not thread safe. Its values hold secrets: {@link #close()} wipes them.
 */
public final class StateChange implements AutoCloseable {
    private static final int VERSION = 1;

    private final Bytes groupId;
    private final boolean deletesGroup;
    private final List<Put> puts;
    private final List<Bytes> deletes;
    private boolean closed;

    private StateChange(Bytes groupId, boolean deletesGroup, List<Put> puts, List<Bytes> deletes) {
        this.groupId = groupId;
        this.deletesGroup = deletesGroup;
        this.puts = List.copyOf(puts);
        this.deletes = List.copyOf(deletes);
    }

    /** A record to write, over any former one of its key. */
    public static final class Put {
        private final Bytes key;
        private final byte[] value;

        private Put(Bytes key, byte[] value) {
            this.key = key;
            this.value = value;
        }

        /** The key, as {@link RecordKey} makes it. */
        public Bytes key() {
            return key;
        }

        /** The value itself, not a copy: it is the change's, which wipes it when it is closed. */
        public byte[] value() {
            return value;
        }

        /** The key and the value's length, never the value. */
        @Override
        public String toString() {
            return "Put[" + key + ", " + value.length + " bytes]";
        }
    }

    /** Collects a change to the records of one group. */
    public static Builder builder(Bytes groupId) {
        return new Builder(groupId);
    }

    /** The group that the records belong to (RFC 9420 §8.1). */
    public Bytes groupId() {
        return groupId;
    }

    /** Whether every record of the group is deleted before anything else is done. */
    public boolean deletesGroup() {
        return deletesGroup;
    }

    /** The records to write, each key once. */
    public List<Put> puts() {
        return puts;
    }

    /** The keys to delete, each once and none that is also written; a key may be absent from the store. */
    public List<Bytes> deletes() {
        return deletes;
    }

    /** Whether applying it would do nothing. */
    public boolean isEmpty() {
        return !deletesGroup && puts.isEmpty() && deletes.isEmpty();
    }

    /** Whether {@link #close()} was called, so that the values are gone. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * The change as one string of bytes, for an application that logs changes. It holds the secrets of the values and belongs to
     * the caller, who wipes it.
     *
     * @throws IllegalStateException if the change was closed
     */
    public byte[] exposeEncoded() {
        if (closed) {
            throw new IllegalStateException("the change was wiped");
        }
        int size = groupId.length() + 16;
        for (Put put : puts) {
            size += put.key.length() + put.value.length + 8;
        }
        try (SecretWriter out = new SecretWriter(size)) {
            out.uint8(VERSION).vector(groupId).uint8(deletesGroup ? 1 : 0);
            int mark = out.open();
            deletes.forEach(out::vector);
            out.close(mark);
            mark = out.open();
            puts.forEach(put -> out.vector(put.key).vector(put.value));
            return out.close(mark).toByteArray();
        }
    }

    /**
     * Reads what {@link #exposeEncoded()} wrote.
     *
     * @param encoded is copied from, not kept
     * @throws DecodeException if it is something else
     */
    public static StateChange decode(byte[] encoded) throws DecodeException {
        TlsReader in = new TlsReader(Bytes.wrap(encoded), DecodeLimits.DEFAULT);
        int version = in.uint8();
        if (version != VERSION) {
            throw in.error(Rule.STORED_STATE, "a change of version " + version);
        }
        Builder builder = builder(in.vector().compact());
        if (in.present()) {
            builder.deleteGroup();
        }
        int named = 0;
        TlsReader deletes = in.sub();
        for (; deletes.remaining() > 0; named++) {
            builder.delete(deletes.vector().compact());
        }
        TlsReader puts = in.sub();
        for (; puts.remaining() > 0; named++) {
            builder.put(puts.vector().compact(), puts.vector().toByteArray());
        }
        in.expectEnd();
        StateChange out = builder.build();
        if (out.deletes.size() + out.puts.size() != named) {
            out.close();
            throw in.error(
                    Rule.STORED_STATE, "a change that names a record twice, or deletes one of a group that goes");
        }
        return out;
    }

    /** Wipes all values. Closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        puts.forEach(put -> Arrays.fill(put.value, (byte) 0));
    }

    /** Counts and sizes, never a value. */
    @Override
    public String toString() {
        long bytes = 0;
        for (Put put : puts) {
            bytes += put.value.length;
        }
        return "StateChange[group " + groupId + (deletesGroup ? ", delete all" : "") + ", put " + puts.size() + " ("
                + bytes + " bytes), delete " + deletes.size() + "]";
    }

    /** Collects what a change does; a later call for a key takes the place of an earlier one. Not thread safe. */
    public static final class Builder implements AutoCloseable {
        private final Bytes groupId;
        // Null stands for a delete. In order of first mention, so that equal operations give equal changes.
        private final Map<Bytes, byte[]> entries = new LinkedHashMap<>();
        private boolean deletesGroup;

        private Builder(Bytes groupId) {
            this.groupId = Objects.requireNonNull(groupId, "groupId");
        }

        /** The group that the records belong to. */
        public Bytes groupId() {
            return groupId;
        }

        /** Writes a record. Takes over {@code value}: the caller must neither use nor keep it. */
        public Builder put(Bytes key, byte[] value) {
            Objects.requireNonNull(key, "key");
            wipe(entries.put(key, Objects.requireNonNull(value, "value")));
            return this;
        }

        /** Writes a record. Takes over {@code value}: the caller must neither use nor keep it. */
        public Builder put(RecordKey key, byte[] value) {
            return put(key.toBytes(), value);
        }

        /** Deletes a record, which may be absent. */
        public Builder delete(Bytes key) {
            wipe(entries.put(Objects.requireNonNull(key, "key"), null));
            return this;
        }

        /** Deletes a record, which may be absent. */
        public Builder delete(RecordKey key) {
            return delete(key.toBytes());
        }

        /** Deletes every record of the group, those that were put before this call included; later calls add to that. */
        public Builder deleteGroup() {
            close();
            deletesGroup = true;
            return this;
        }

        /** Whether the change would do nothing. */
        public boolean isEmpty() {
            return !deletesGroup && entries.isEmpty();
        }

        /** The change, which takes over all values. The builder is empty afterwards. */
        public StateChange build() {
            List<Put> puts = new ArrayList<>();
            List<Bytes> deletes = new ArrayList<>();
            entries.forEach((key, value) -> {
                if (value != null) {
                    puts.add(new Put(key, value));
                } else if (!deletesGroup) {
                    // All of the group's keys go anyway.
                    deletes.add(key);
                }
            });
            StateChange change = new StateChange(groupId, deletesGroup, puts, deletes);
            entries.clear();
            deletesGroup = false;
            return change;
        }

        /** Wipes and forgets what was collected and not built: for an operation that ends early. */
        @Override
        public void close() {
            entries.values().forEach(Builder::wipe);
            entries.clear();
            deletesGroup = false;
        }

        private static void wipe(byte[] value) {
            if (value != null) {
                Arrays.fill(value, (byte) 0);
            }
        }

        /** Counts, never a value. */
        @Override
        public String toString() {
            return "StateChange.Builder[group " + groupId + ", " + entries.size() + " entries]";
        }
    }
}
