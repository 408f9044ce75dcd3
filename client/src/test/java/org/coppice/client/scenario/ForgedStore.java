package org.coppice.client.scenario;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.SealedClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreKey;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;

/** A sealed store whose records a test can damage: below the seal, where the disk would, or above it, as a faulty program would. */
final class ForgedStore implements ClientStore {
    private final ClientStore below;
    private final ClientStore sealed;
    private Place lastBelow;
    private final Set<String> kinds = new LinkedHashSet<>();

    record Place(Space space, Bytes key) {}

    ForgedStore(ClientStore memory, Randomness randomness) {
        below = noting(memory, place -> lastBelow = place);
        try (Secret secret = Secret.wrap(new byte[StoreKey.LENGTH]);
                StoreKey key = StoreKey.of(secret)) {
            sealed = SealedClientStore.open(below, key, randomness);
        }
    }

    /** What is told of each record that is written. */
    @FunctionalInterface
    private interface Noting {
        void put(Place place);
    }

    private static ClientStore noting(ClientStore store, Noting noting) {
        return new ClientStore() {
            @Override
            public StoreTransaction begin() {
                StoreTransaction transaction = store.begin();
                return (StoreTransaction) Proxy.newProxyInstance(
                        ForgedStore.class.getClassLoader(),
                        new Class<?>[] {StoreTransaction.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("put")) {
                                noting.put(new Place((Space) arguments[0], (Bytes) arguments[1]));
                            }
                            try {
                                return method.invoke(transaction, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    /** The kinds of the records that were written. */
    Set<String> kinds() {
        return kinds;
    }

    /** The keys of a space. */
    List<Bytes> keys(Space space) {
        try (StoreTransaction records = sealed.begin()) {
            return records.all(space).stream().map(StoreTransaction.Stored::key).toList();
        }
    }

    /** Writes a record as the client would. */
    void put(Place place, byte[] value) {
        kinds.add(place.space().name());
        try (StoreTransaction records = sealed.begin()) {
            records.put(place.space(), place.key(), value);
            records.commit();
        }
    }

    byte[] get(Place place) {
        try (StoreTransaction records = sealed.begin()) {
            return records.get(place.space(), place.key()).orElseThrow();
        }
    }

    /** Writes something else in the place of a record, under the right key. */
    void forge(Place place, UnaryOperator<byte[]> change) {
        put(place, change.apply(get(place)));
    }

    /** Changes a bit of a record on the disk. */
    void damage(Place place) {
        put(place, get(place));
        try (StoreTransaction records = below.begin()) {
            byte[] value = records.get(lastBelow.space(), lastBelow.key()).orElseThrow();
            byte[] changed = Arrays.copyOf(value, value.length);
            changed[value.length - 1] ^= 1;
            records.put(lastBelow.space(), lastBelow.key(), changed);
            records.commit();
        }
    }

    @Override
    public StoreTransaction begin() {
        return noting(sealed, place -> kinds.add(place.space().name())).begin();
    }

    @Override
    public void close() {
        sealed.close();
    }
}
