package org.coppice.mls.state;

import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;

/**
 * Where an application keeps its groups: a map from group and key to value. See the package for keys and values.
 *
 * <p>An implementation may be called from several threads for several groups, and from one thread at a time for one group. What else it has
 * to hold, {@code StateStoreContract} of coppice-testkit tests.
 */
public interface StateStore {
    /**
     * Performs the whole of {@code change} or nothing of it, and returns once it would survive a crash.
     *
     * <p>If {@link StateChange#deletesGroup()}, all records of the group go first. Then the deletes, then the puts. A delete of a
     * key that is absent is no error.
     *
     * <p>Called before an operation returns and before it changes memory. Whatever this method throws aborts the operation,
     * which then has had no effect in memory.
     *
     * @param change stays the caller's, who wipes it afterwards: values that are kept have to be copied
     * @throws StateStoreException if nothing was written
     */
    void apply(StateChange change);

    /**
     * All records of a group as of the last {@link #apply}; empty for a group that is not there.
     *
     * @return a new map whose values belong to the caller, who wipes them
     * @throws StateStoreException if they cannot be read
     */
    Map<Bytes, byte[]> load(Bytes groupId);

    /**
     * The groups that have records, as a new or unmodifiable set.
     *
     * @throws StateStoreException if they cannot be read
     */
    Set<Bytes> groups();

    /** A store that keeps nothing: its groups live in memory alone and end with the process. */
    static StateStore none() {
        return NoStore.INSTANCE;
    }
}
