package org.coppice.mls.state;

import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;

/** {@link StateStore#none()}. */
enum NoStore implements StateStore {
    INSTANCE;

    @Override
    public void apply(StateChange change) {
        // Nothing is kept.
    }

    @Override
    public Map<Bytes, byte[]> load(Bytes groupId) {
        return Map.of();
    }

    @Override
    public Set<Bytes> groups() {
        return Set.of();
    }

    @Override
    public String toString() {
        return "StateStore.none()";
    }
}
