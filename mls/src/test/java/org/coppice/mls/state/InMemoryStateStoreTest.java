package org.coppice.mls.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

class InMemoryStateStoreTest {
    private static final Bytes GROUP = Bytes.fromHex("aa");
    private static final Bytes OTHER = Bytes.fromHex("bb");
    private static final Bytes K1 = Bytes.fromHex("01");
    private static final Bytes K2 = Bytes.fromHex("02");

    private final InMemoryStateStore store = new InMemoryStateStore();

    @Test
    void keepsCopiesOfWhatItIsGivenAndGivesCopies() {
        byte[] value = {1, 2};
        try (StateChange change = StateChange.builder(GROUP).put(K1, value).build()) {
            store.apply(change);
        }
        assertThat(value).containsOnly(0);
        Map<Bytes, byte[]> loaded = store.load(GROUP);
        assertThat(loaded.get(K1)).containsExactly(1, 2);
        loaded.get(K1)[0] = 9;
        assertThat(store.load(GROUP).get(K1)).containsExactly(1, 2);
    }

    @Test
    void wipesValuesThatAreReplacedOrDeleted() throws ReflectiveOperationException {
        put(GROUP, K1, 1);
        byte[] replaced = internal(GROUP, K1);
        put(GROUP, K1, 2);
        assertThat(replaced).containsOnly(0);
        byte[] deleted = internal(GROUP, K1);
        apply(StateChange.builder(GROUP).delete(K1));
        assertThat(deleted).containsOnly(0);
        put(GROUP, K2, 3);
        byte[] withGroup = internal(GROUP, K2);
        apply(StateChange.builder(GROUP).deleteGroup());
        assertThat(withGroup).containsOnly(0);
    }

    @Test
    void deletingAGroupLeavesOthersAndWhatIsPutWithIt() {
        put(GROUP, K1, 1);
        put(OTHER, K1, 1);
        apply(StateChange.builder(GROUP).deleteGroup().put(K2, new byte[] {2}));
        assertThat(store.load(GROUP)).containsOnlyKeys(K2);
        assertThat(store.groups()).containsExactlyInAnyOrder(GROUP, OTHER);
        apply(StateChange.builder(GROUP).deleteGroup());
        assertThat(store.groups()).containsExactly(OTHER);
        assertThat(store.load(GROUP)).isEmpty();
    }

    @Test
    void deletingWhatIsAbsentIsNoError() {
        apply(StateChange.builder(GROUP).delete(K1));
        assertThat(store.groups()).isEmpty();
    }

    @Test
    void copyGoesItsOwnWay() {
        put(GROUP, K1, 1);
        InMemoryStateStore copy = store.copy();
        Map<Bytes, Bytes> before = copy.snapshot(GROUP);
        put(GROUP, K1, 2);
        put(GROUP, K2, 2);
        assertThat(copy.snapshot(GROUP)).isEqualTo(before).isNotEqualTo(store.snapshot(GROUP));
    }

    @Test
    void refusesAChangeThatWasWiped() {
        StateChange change = StateChange.builder(GROUP).put(K1, new byte[] {1}).build();
        change.close();
        assertThatThrownBy(() -> store.apply(change)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void changesOfSeveralThreadsAreEachWhole() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                byte mark = (byte) t;
                tasks.add(() -> {
                    for (int i = 0; i < 300; i++) {
                        StateChange.Builder builder = StateChange.builder(GROUP);
                        for (int k = 0; k < 100; k++) {
                            builder.put(Bytes.wrap(new byte[] {(byte) k}), new byte[] {mark, (byte) i});
                        }
                        apply(builder);
                        Map<Bytes, byte[]> seen = store.load(GROUP);
                        byte[] first = seen.get(Bytes.wrap(new byte[] {0}));
                        assertThat(seen).hasSize(100);
                        assertThat(seen.values()).allMatch(value -> Arrays.equals(value, first));
                    }
                    return null;
                });
            }
            for (Future<Void> future : pool.invokeAll(tasks)) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void storeOfNothingKeepsNothing() {
        StateStore none = StateStore.none();
        try (StateChange change =
                StateChange.builder(GROUP).put(K1, new byte[1]).build()) {
            none.apply(change);
        }
        assertThat(none.load(GROUP)).isEmpty();
        assertThat(none.groups()).isEmpty();
    }

    private void put(Bytes group, Bytes key, int value) {
        apply(StateChange.builder(group).put(key, new byte[] {(byte) value}));
    }

    private void apply(StateChange.Builder builder) {
        try (StateChange change = builder.build()) {
            store.apply(change);
        }
    }

    /** The array that the store itself holds. */
    private byte[] internal(Bytes group, Bytes key) throws ReflectiveOperationException {
        Field field = InMemoryStateStore.class.getDeclaredField("groups");
        field.setAccessible(true);
        Map<?, ?> groups = (Map<?, ?>) field.get(store);
        return (byte[]) ((Map<?, ?>) groups.get(group)).get(key);
    }
}
