package org.coppice.testkit.state;

import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStore;
import org.coppice.mls.state.StateStoreException;

/** A store that refuses to write when told to, and counts what it is given. */
final class FailingStore implements StateStore {
    final InMemoryStateStore inner = new InMemoryStateStore();
    boolean failing;
    int writes;
    int lastRecords;

    @Override
    public void apply(StateChange change) {
        if (failing) {
            throw new StateStoreException("the disk is full");
        }
        writes++;
        lastRecords = change.puts().size() + change.deletes().size();
        inner.apply(change);
    }

    @Override
    public Map<Bytes, byte[]> load(Bytes groupId) {
        return inner.load(groupId);
    }

    @Override
    public Set<Bytes> groups() {
        return inner.groups();
    }
}
