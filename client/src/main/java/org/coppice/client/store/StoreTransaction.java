package org.coppice.client.store;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;

/**
 * One unit of work on a {@link ClientStore}. It sees its own changes. Unless {@link #commit()} was called, {@link #close()} undoes
 * all of it.
 *
 * <p>Used by the thread that began it, and closed by it. Every method throws {@link StoreException} if the store fails, and
 * {@link IllegalStateException} once it was committed or closed.
 */
public interface StoreTransaction extends AutoCloseable {
    /**
     * A record as it was stored.
     *
     * @param key its key
     * @param value its value, which belongs to the caller
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // A value may be a secret, which Bytes must not hold; nothing compares records.
    record Stored(Bytes key, byte[] value) {
        /** Checks that nothing is missing. */
        public Stored {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }

        /** For a sequence, the number that the key is. */
        public long number() {
            return Space.number(key);
        }

        /** Key and length, never the value. */
        @Override
        public String toString() {
            return "Stored[" + key + ", " + value.length + " bytes]";
        }
    }

    /** The value of a record, in a new array that belongs to the caller; empty if there is none. */
    Optional<byte[]> get(Space space, Bytes key);

    /** Writes a record, over any former one of its key. {@code value} stays the caller's. */
    void put(Space space, Bytes key, byte[] value);

    /** Deletes a record, which may be absent; its content leaves the medium as far as the medium allows. */
    void delete(Space space, Bytes key);

    /** Deletes all records of a space. */
    void deleteAll(Space space);

    /**
     * Deletes those records of a space that can be read no more, for which every other method that meets them throws
     * {@link StoreException.Reason#DAMAGED}. A store that never refuses a single record need not override this.
     *
     * @return a key for each: for a sequence its number; a name that is lost with the value is empty
     */
    default List<Bytes> deleteDamaged(Space space) {
        return List.of();
    }

    /** All records of a space: those of a sequence in its order, others in any. */
    List<Stored> all(Space space);

    /**
     * The records of a sequence after a number, in its order.
     *
     * @param after compared unsigned, excluded
     * @param limit how many at most, above 0
     * @throws IllegalArgumentException if the space is not a sequence
     */
    List<Stored> after(Space sequence, long after, int limit);

    /**
     * The records of a sequence before a number, the last first.
     *
     * @param before compared unsigned, excluded; 0 stands for the end
     * @param limit how many at most, above 0
     * @throws IllegalArgumentException if the space is not a sequence
     */
    List<Stored> before(Space sequence, long before, int limit);

    /** Makes all changes last: once this returns, they survive a crash. Nothing else may be called afterwards but close. */
    void commit();

    /** Undoes what was not committed, and lets others begin. Closing twice does nothing. */
    @Override
    void close();
}
