package org.coppice.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.state.StateStore;

/**
 * What every {@link StateStore} promises, but for what no test from outside can see: that a change survives the loss of power once
 * {@link StateStore#apply} has returned, and that deleted secrets have left the medium.
 *
 * @param <S> the store that is asked
 */
public final class StateStoreContract<S extends StateStore> {
    private static final Bytes GROUP = bytes("group");
    private static final Bytes OTHER = bytes("other");
    private static final int WRITES = 200;

    private final Supplier<S> empty;
    private final UnaryOperator<S> reopened;

    private StateStoreContract(Supplier<S> empty, UnaryOperator<S> reopened) {
        this.empty = empty;
        this.reopened = reopened;
    }

    /**
     * The promises of a store.
     *
     * @param empty opens a new store without content, at each call another one
     * @param reopened closes a store and opens what it kept, as a later process would; the identity for one that ends with its process
     */
    public static <S extends StateStore> List<ContractCase> cases(Supplier<S> empty, UnaryOperator<S> reopened) {
        StateStoreContract<S> contract = new StateStoreContract<>(empty, reopened);
        return List.of(
                new ContractCase("records are there, replaced and deleted", contract::putsReplacesAndDeletes),
                new ContractCase("deleting a group goes before the rest of a change", contract::deletesAGroupFirst),
                new ContractCase("groups do not mix", contract::groupsDoNotMix),
                new ContractCase("a group is listed as long as it has records", contract::listsGroupsThatHaveRecords),
                new ContractCase("keys and values are any bytes", contract::takesAnyBytes),
                new ContractCase("values go in as copies", contract::copiesWhatItIsGiven),
                new ContractCase("values come out as copies", contract::copiesWhatItGives),
                new ContractCase("records are found by a later process", contract::keepsWhatItHas),
                new ContractCase("no reader sees half of a change", contract::showsWholeChanges),
                new ContractCase("several threads write several groups", contract::takesSeveralThreads),
                new ContractCase("a group goes on in each step", contract::holdsAGroup));
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(UTF_8));
    }

    private static StateChange.Builder change(Bytes group) {
        return StateChange.builder(group);
    }

    /** As a group does it: the change is wiped once it was applied. */
    private static void apply(StateStore store, StateChange.Builder builder) {
        try (StateChange change = builder.build()) {
            store.apply(change);
        }
    }

    private static StateChange.Builder put(StateChange.Builder builder, String key, String value) {
        return builder.put(bytes(key), value.getBytes(UTF_8));
    }

    private static Map<Bytes, Bytes> content(StateStore store, Bytes group) {
        Map<Bytes, Bytes> out = new TreeMap<>();
        store.load(group).forEach((key, value) -> out.put(key, Bytes.copyOf(value)));
        return out;
    }

    private static Map<Bytes, Bytes> records(String... keysAndValues) {
        Map<Bytes, Bytes> out = new TreeMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            out.put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
        }
        return out;
    }

    private void putsReplacesAndDeletes() {
        StateStore store = empty.get();
        apply(store, put(put(put(change(GROUP), "a", "1"), "b", "2"), "c", "3"));
        Demand.equal("after puts", records("a", "1", "b", "2", "c", "3"), content(store, GROUP));
        apply(store, put(change(GROUP), "a", "one").delete(bytes("b")).delete(bytes("never there")));
        Demand.equal("after a put and deletes", records("a", "one", "c", "3"), content(store, GROUP));
        apply(store, change(GROUP));
        Demand.equal("after an empty change", records("a", "one", "c", "3"), content(store, GROUP));
    }

    private void deletesAGroupFirst() {
        StateStore store = empty.get();
        apply(store, put(put(change(GROUP), "a", "1"), "b", "2"));
        apply(store, put(change(GROUP).deleteGroup(), "b", "two"));
        Demand.equal("after deleteGroup and a put", records("b", "two"), content(store, GROUP));
    }

    private void groupsDoNotMix() {
        StateStore store = empty.get();
        apply(store, put(change(GROUP), "a", "1"));
        apply(store, put(change(OTHER), "a", "2"));
        apply(store, change(OTHER).deleteGroup());
        apply(store, change(OTHER).delete(bytes("a")));
        Demand.equal("the other group's change", records("a", "1"), content(store, GROUP));
        // One id begins as the other does.
        apply(store, put(change(bytes("group2")), "a", "3"));
        apply(store, change(GROUP).deleteGroup());
        Demand.equal("a group whose id is longer", records("a", "3"), content(store, bytes("group2")));
    }

    private void listsGroupsThatHaveRecords() {
        StateStore store = empty.get();
        Demand.equal("an empty store", Set.of(), store.groups());
        Demand.equal("an unknown group", Map.of(), store.load(GROUP));
        apply(store, put(change(GROUP), "a", "1"));
        apply(store, put(change(OTHER), "a", "1"));
        Demand.equal("two groups", Set.of(GROUP, OTHER), store.groups());
        apply(store, change(GROUP).deleteGroup());
        apply(store, change(OTHER).delete(bytes("a")));
        Demand.equal("both deleted", Set.of(), store.groups());
    }

    private void takesAnyBytes() {
        StateStore store = empty.get();
        Bytes all = allBytes();
        StateChange.Builder changes = change(all);
        Map<Bytes, Bytes> expected = new TreeMap<>();
        for (Bytes key : List.of(all, Bytes.fromHex("00"), Bytes.fromHex("0000"), Bytes.fromHex("ff"))) {
            Bytes value = Bytes.wrap(repeated(key, 100_000));
            expected.put(key, value);
            changes.put(key, value.toByteArray());
        }
        expected.put(bytes("empty"), Bytes.EMPTY);
        changes.put(bytes("empty"), new byte[0]);
        apply(store, changes);
        Demand.equal("the keys", expected.keySet(), content(store, all).keySet());
        Demand.that("the values are as they were put", expected.equals(content(store, all)));
        Demand.equal("the group", Set.of(all), store.groups());
    }

    private static Bytes allBytes() {
        byte[] out = new byte[256];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) i;
        }
        return Bytes.wrap(out);
    }

    private static byte[] repeated(Bytes pattern, int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = pattern.at(i % pattern.length());
        }
        return out;
    }

    private void copiesWhatItIsGiven() {
        StateStore store = empty.get();
        StateChange change = put(change(GROUP), "a", "kept").build();
        store.apply(change);
        change.close(); // wipes its values
        Demand.equal("after the change was wiped", records("a", "kept"), content(store, GROUP));
    }

    private void copiesWhatItGives() {
        StateStore store = empty.get();
        apply(store, put(change(GROUP), "a", "kept"));
        Map<Bytes, byte[]> loaded = store.load(GROUP);
        loaded.values().forEach(value -> Arrays.fill(value, (byte) 0));
        loaded.clear();
        Demand.equal("after the copy was wiped", records("a", "kept"), content(store, GROUP));
    }

    private void keepsWhatItHas() {
        S store = empty.get();
        apply(store, put(put(change(GROUP), "a", "1"), "b", "2"));
        apply(store, put(change(OTHER), "c", "3"));
        store = reopened.apply(store);
        apply(store, change(GROUP).delete(bytes("a")));
        store = reopened.apply(store);
        Demand.equal("the groups", Set.of(GROUP, OTHER), store.groups());
        Demand.equal("the records", records("b", "2"), content(store, GROUP));
    }

    private void showsWholeChanges() throws Exception {
        StateStore store = empty.get();
        Crew crew = new Crew();
        crew.go(() -> {
            for (int i = 1; i <= WRITES; i++) {
                apply(store, put(put(change(GROUP).deleteGroup(), "a", "" + i), "b", "" + i));
            }
        });
        String last = Integer.toString(WRITES);
        Map<Bytes, Bytes> seen;
        do {
            seen = content(store, GROUP);
            Demand.equal("two records that change together", seen.get(bytes("a")), seen.get(bytes("b")));
        } while (crew.isAtWork());
        crew.await();
        Demand.equal("at the end", records("a", last, "b", last), content(store, GROUP));
    }

    private void takesSeveralThreads() throws Exception {
        StateStore store = empty.get();
        Crew crew = new Crew();
        for (int thread = 0; thread < 4; thread++) {
            Bytes group = bytes("group " + thread);
            crew.go(() -> {
                for (int i = 0; i < WRITES / 4; i++) {
                    apply(store, put(change(group), "key " + i, "value"));
                }
            });
        }
        crew.await();
        for (int thread = 0; thread < 4; thread++) {
            Demand.equal(
                    "records of one thread",
                    WRITES / 4,
                    store.load(bytes("group " + thread)).size());
        }
    }

    private void holdsAGroup() throws MlsException {
        S store = empty.get();
        MlsClient alice = client(store, "alice");
        MlsClient bob = client(StateStore.none(), "bob");
        Group alices = alice.createGroup();
        KeyPackageBundle keys = bob.generateKeyPackage();
        StagedCommit adding = alices.commit().add(keys.keyPackage()).build();
        Group bobs = bob.join(adding.welcome().orElseThrow(), keys);
        alices.merge(adding);
        for (int i = 0; i < 3; i++) {
            // Another process, of which the store is all there is.
            alices.close();
            store = reopened.apply(store);
            alice = MlsClient.of(
                    alice.environment().toBuilder().store(store).build(),
                    alice.crypto().suite(),
                    alice.credential(),
                    alice.signer());
            alices = alice.load(alices.groupId());
            Received received = bobs.receive(alices.encrypt(new byte[] {(byte) i}));
            Demand.equal("a message after a restart", Received.Application.class, received.getClass());
            alices.receive(bobs.encrypt(new byte[] {(byte) i}));
            StagedCommit refresh = bobs.commit().build();
            alices.merge(alices.stage(refresh.message()));
            bobs.merge(refresh);
        }
        Demand.equal("the epoch that both agree on", bobs.epochAuthenticator(), alices.epochAuthenticator());
    }

    private static MlsClient client(StateStore store, String name) throws MlsException {
        Environment environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .store(store)
                .build();
        return MlsClient.create(
                environment, CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, Credential.basic(bytes(name)));
    }
}
