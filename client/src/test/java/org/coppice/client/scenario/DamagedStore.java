package org.coppice.client.scenario;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.coppice.client.Between;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreException;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;

/** A store some of whose records have changed on the disk, as a sealed store meets them: they can be deleted and written, not read. */
final class DamagedStore implements ClientStore {
    private static final Set<String> READING = Set.of("get", "all", "after", "before");

    /** What reading damaged records fails with. */
    StoreException.Reason reason = StoreException.Reason.DAMAGED;

    private final ClientStore store;
    private final Set<Place> damaged = ConcurrentHashMap.newKeySet();

    private record Place(Space space, Bytes key) {}

    DamagedStore(ClientStore store) {
        this.store = store;
    }

    /** Damages the records of a space; how many they are. */
    int damage(Space space) {
        try (StoreTransaction records = store.begin()) {
            List<StoreTransaction.Stored> all = records.all(space);
            all.forEach(record -> damaged.add(new Place(space, record.key())));
            return all.size();
        }
    }

    @Override
    public StoreTransaction begin() {
        StoreTransaction below = store.begin();
        return Between.put(StoreTransaction.class, below, call -> {
            if (call.is("deleteDamaged")) {
                return deleteDamaged(below, (Space) call.argument(0));
            }
            if (call.count() > 0) {
                meet(call.name(), (Space) call.argument(0), call.count() > 1 ? call.argument(1) : null);
            }
            return call.go();
        });
    }

    private List<Bytes> deleteDamaged(StoreTransaction below, Space space) {
        List<Bytes> out = damaged.stream()
                .filter(place -> place.space().equals(space))
                .map(Place::key)
                .toList();
        out.forEach(key -> {
            below.delete(space, key);
            damaged.remove(new Place(space, key));
        });
        return out;
    }

    private void meet(String method, Space space, Object key) {
        boolean isOfOne = key instanceof Bytes;
        if (!READING.contains(method)) {
            damaged.removeIf(place ->
                    place.space().equals(space) && (!isOfOne || place.key().equals(key)));
        } else if (damaged.stream()
                .anyMatch(place ->
                        place.space().equals(space) && (!isOfOne || place.key().equals(key)))) {
            throw new StoreException(reason, "a record was altered");
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
