package org.coppice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStore;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The contract of state stores: the store in memory holds it, and stores with one fault each do not. */
class StateStoreContractTest {
    @TestFactory
    Stream<DynamicTest> theStoreInMemoryHoldsIt() {
        return StateStoreContract.cases(InMemoryStateStore::new, InMemoryStateStore::copy).stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
    }

    /** The simplest store there is, right but for what a subclass spoils. */
    private static class Plain implements StateStore {
        final Map<Bytes, Map<Bytes, byte[]>> groups = new HashMap<>();

        @Override
        public synchronized void apply(StateChange change) {
            if (change.deletesGroup()) {
                groups.remove(change.groupId());
            }
            Map<Bytes, byte[]> records = groups.computeIfAbsent(change.groupId(), id -> new HashMap<>());
            change.deletes().forEach(records::remove);
            change.puts().forEach(put -> records.put(put.key(), put.value().clone()));
            groups.values().removeIf(Map::isEmpty);
        }

        @Override
        public synchronized Map<Bytes, byte[]> load(Bytes groupId) {
            Map<Bytes, byte[]> out = new HashMap<>();
            groups.getOrDefault(groupId, Map.of()).forEach((key, value) -> out.put(key, value.clone()));
            return out;
        }

        @Override
        public synchronized Set<Bytes> groups() {
            return Set.copyOf(groups.keySet());
        }
    }

    private static List<String> broken(List<ContractCase> cases) {
        List<String> out = new ArrayList<>();
        for (ContractCase promise : cases) {
            try {
                promise.run();
            } catch (Exception | AssertionError e) {
                out.add(promise.name());
            }
        }
        return out;
    }

    private static List<String> broken(java.util.function.Supplier<StateStore> empty) {
        return broken(StateStoreContract.cases(empty, UnaryOperator.identity()));
    }

    @Test
    void aPlainStoreHoldsIt() {
        assertThat(broken(Plain::new)).isEmpty();
    }

    @Test
    void aStoreThatForgetsDeletesIsFound() {
        assertThat(broken(() -> new Plain() {
                    @Override
                    public synchronized void apply(StateChange change) {
                        StateChange.Builder puts = StateChange.builder(change.groupId());
                        change.puts()
                                .forEach(put -> puts.put(put.key(), put.value().clone()));
                        super.apply(puts.build());
                    }
                }))
                .contains(
                        "records are there, replaced and deleted",
                        "deleting a group goes before the rest of a change",
                        "a group is listed as long as it has records");
    }

    @Test
    void aStoreThatKeepsTheArraysOfAChangeIsFound() {
        assertThat(broken(() -> new Plain() {
                    @Override
                    public synchronized void apply(StateChange change) {
                        super.apply(change);
                        change.puts()
                                .forEach(put -> groups.get(change.groupId()).put(put.key(), put.value()));
                    }
                }))
                .contains("values go in as copies", "a group goes on in each step");
    }

    @Test
    void aStoreThatGivesItsOwnArraysIsFound() {
        assertThat(broken(() -> new Plain() {
                    @Override
                    public synchronized Map<Bytes, byte[]> load(Bytes groupId) {
                        return new HashMap<>(groups.getOrDefault(groupId, Map.of()));
                    }
                }))
                .contains("values come out as copies");
    }

    @Test
    void aStoreOfOneGroupIsFound() {
        Bytes only = Bytes.wrap(new byte[1]);
        assertThat(broken(() -> new Plain() {
                    @Override
                    public synchronized void apply(StateChange change) {
                        StateChange.Builder all = StateChange.builder(only);
                        if (change.deletesGroup()) {
                            all.deleteGroup();
                        }
                        change.deletes().forEach(all::delete);
                        change.puts()
                                .forEach(put -> all.put(put.key(), put.value().clone()));
                        super.apply(all.build());
                    }

                    @Override
                    public synchronized Map<Bytes, byte[]> load(Bytes groupId) {
                        return super.load(only);
                    }
                }))
                .contains("groups do not mix");
    }

    @Test
    void aStoreThatDoesNotOutliveItsProcessIsFound() {
        assertThat(broken(StateStoreContract.cases(Plain::new, store -> new Plain())))
                .contains("records are found by a later process", "a group goes on in each step");
    }

    /** The gap between the two halves is as wide as a reader needs to be certain to look into it. */
    @Test
    void aStoreThatShowsHalfOfAChangeIsFound() {
        assertThat(broken(() -> new Plain() {
                    @Override
                    public void apply(StateChange change) {
                        for (StateChange.Put put : change.puts()) {
                            StateChange.Builder one = StateChange.builder(change.groupId());
                            super.apply(one.put(put.key(), put.value().clone()).build());
                            Thread.yield();
                        }
                    }
                }))
                .contains("no reader sees half of a change");
    }
}
