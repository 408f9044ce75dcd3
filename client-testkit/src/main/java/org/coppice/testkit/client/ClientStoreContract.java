package org.coppice.testkit.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.StoreTransaction;
import org.coppice.client.store.StoreTransaction.Stored;
import org.coppice.mls.codec.Bytes;
import org.coppice.testkit.contract.ContractCase;
import org.coppice.testkit.contract.Crew;
import org.coppice.testkit.contract.Demand;

/**
 * What every {@link ClientStore} promises, but for what no test from outside can see: that a transaction survives the loss of power once
 * it was committed, and that deleted content has left the medium.
 *
 * @param <S> the store that is asked
 */
public final class ClientStoreContract<S extends ClientStore> {
    private static final Space NAMES = Space.named("names", bytes("owner"));
    private static final Space OTHER = Space.named("names", bytes("other"));
    private static final Space LOG = Space.sequence("log", bytes("owner"));
    private static final Bytes A = bytes("a");
    private static final Bytes B = bytes("b");

    private final Supplier<S> empty;
    private final UnaryOperator<S> reopened;

    private ClientStoreContract(Supplier<S> empty, UnaryOperator<S> reopened) {
        this.empty = empty;
        this.reopened = reopened;
    }

    /** A check of a store, which is closed after it. */
    @FunctionalInterface
    private interface Check {
        void run(ClientStore store) throws Exception;
    }

    /**
     * The promises of a store.
     *
     * @param empty opens a new store without content, at each call another one
     * @param reopened closes a store and opens what it kept, as a later process would; the identity for one that ends with its process
     */
    public static <S extends ClientStore> List<ContractCase> cases(Supplier<S> empty, UnaryOperator<S> reopened) {
        ClientStoreContract<S> contract = new ClientStoreContract<>(empty, reopened);
        return List.of(
                contract.promise("committed records are there and replaced", contract::keepsAndReplaces),
                contract.promise("what is not committed leaves nothing", contract::undoes),
                contract.promise("a transaction that was undone is followed by another", contract::goesOnAfterUndoing),
                contract.promise("all gives each record of a space once", contract::givesAll),
                contract.promise("spaces of other kinds and owners are apart", contract::keepsSpacesApart),
                contract.promise("sequences stand in the order of unsigned numbers", contract::ordersSequences),
                contract.promise("what is no sequence has no order", contract::refusesWhatIsNoSequence),
                contract.promise("keys and values are any bytes", contract::takesAnyBytes),
                contract.promise("values go in and out as copies", contract::copies),
                contract.promise("an ended transaction is of no use", contract::endsTransactions),
                contract.promise(
                        "a thread cannot begin twice, and a closed store not at all", contract::refusesToBegin),
                contract.promise("transactions of several threads follow each other", contract::queuesThreads),
                new ContractCase("records are found by a later process", contract::keepsWhatItHas));
    }

    private ContractCase promise(String name, Check check) {
        return new ContractCase(name, () -> {
            try (ClientStore store = empty.get()) {
                check.run(store);
            }
        });
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(UTF_8));
    }

    private static void put(ClientStore store, Space space, Bytes key, String value) {
        try (StoreTransaction transaction = store.begin()) {
            transaction.put(space, key, value.getBytes(UTF_8));
            transaction.commit();
        }
    }

    private static Optional<String> get(ClientStore store, Space space, Bytes key) {
        try (StoreTransaction transaction = store.begin()) {
            return get(transaction, space, key);
        }
    }

    private static Optional<String> get(StoreTransaction transaction, Space space, Bytes key) {
        return transaction.get(space, key).map(value -> new String(value, UTF_8));
    }

    private static void equal(String what, String expected, Optional<String> actual) {
        Demand.equal(what, Optional.ofNullable(expected), actual);
    }

    private void keepsAndReplaces(ClientStore store) {
        put(store, NAMES, A, "one");
        put(store, NAMES, A, "two");
        put(store, NAMES, B, "");
        equal("a replaced value", "two", get(store, NAMES, A));
        equal("an empty value", "", get(store, NAMES, B));
        equal("an absent record", null, get(store, NAMES, bytes("c")));
    }

    private void undoes(ClientStore store) {
        put(store, NAMES, A, "as it was");
        put(store, NAMES, B, "still there");
        put(store, LOG, Space.key(1), "first");
        try (StoreTransaction transaction = store.begin()) {
            transaction.put(NAMES, A, "changed".getBytes(UTF_8));
            transaction.put(NAMES, A, "changed again".getBytes(UTF_8));
            transaction.put(NAMES, bytes("new"), "new".getBytes(UTF_8));
            transaction.delete(NAMES, B);
            transaction.deleteAll(LOG);
            equal("a transaction's own put", "changed again", get(transaction, NAMES, A));
            equal("a transaction's own delete", null, get(transaction, NAMES, B));
            Demand.equal("a transaction's own deleteAll", List.of(), numbers(transaction.all(LOG)));
        }
        equal("a put that was undone", "as it was", get(store, NAMES, A));
        equal("a delete that was undone", "still there", get(store, NAMES, B));
        equal("a new record that was undone", null, get(store, NAMES, bytes("new")));
        equal("a deleteAll that was undone", "first", get(store, LOG, Space.key(1)));
    }

    private void goesOnAfterUndoing(ClientStore store) {
        try (StoreTransaction transaction = store.begin()) {
            transaction.put(NAMES, A, "undone".getBytes(UTF_8));
        }
        put(store, NAMES, B, "kept");
        equal("the undone record", null, get(store, NAMES, A));
        equal("the later record", "kept", get(store, NAMES, B));
    }

    private void givesAll(ClientStore store) {
        put(store, NAMES, A, "1");
        put(store, NAMES, B, "2");
        put(store, OTHER, bytes("c"), "3");
        try (StoreTransaction transaction = store.begin()) {
            List<Stored> all = transaction.all(NAMES);
            Demand.equal("how many", 2, all.size());
            Demand.equal("the keys", Set.of(A, B), all.stream().map(Stored::key).collect(Collectors.toSet()));
            transaction.deleteAll(NAMES);
            Demand.equal("after deleteAll", 0, transaction.all(NAMES).size());
            Demand.equal("another space", 1, transaction.all(OTHER).size());
            transaction.delete(NAMES, A); // absent, which is no error
        }
    }

    private void keepsSpacesApart(ClientStore store) {
        Space sequence = Space.sequence("names", bytes("owner"));
        // Name and owner that are the same when written one after the other.
        Space shifted = Space.named("name", bytes("sowner"));
        Bytes key = Space.key(7);
        put(store, NAMES, key, "of names");
        put(store, sequence, key, "of a sequence");
        put(store, shifted, key, "of a shifted name");
        put(store, OTHER, key, "of another owner");
        equal("names", "of names", get(store, NAMES, key));
        equal("a sequence of the same name", "of a sequence", get(store, sequence, key));
        equal("a space of a shorter name", "of a shifted name", get(store, shifted, key));
        equal("a space of another owner", "of another owner", get(store, OTHER, key));
    }

    private void ordersSequences(ClientStore store) {
        for (long number : new long[] {300, 2, -1, 1, Long.MAX_VALUE}) {
            put(store, LOG, Space.key(number), "n" + number);
        }
        try (StoreTransaction transaction = store.begin()) {
            Demand.equal("all", List.of(1L, 2L, 300L, Long.MAX_VALUE, -1L), numbers(transaction.all(LOG)));
            Demand.equal("two after 1", List.of(2L, 300L), numbers(transaction.after(LOG, 1, 2)));
            Demand.equal("after the last", List.of(), numbers(transaction.after(LOG, -1, 2)));
            Demand.equal("the last two", List.of(-1L, Long.MAX_VALUE), numbers(transaction.before(LOG, 0, 2)));
            Demand.equal("before 300", List.of(2L, 1L), numbers(transaction.before(LOG, 300, 9)));
            Stored next = transaction.after(LOG, 299, 1).get(0);
            Demand.equal("the value of 300", "n300", new String(next.value(), UTF_8));
        }
    }

    private static List<Long> numbers(List<Stored> records) {
        return records.stream().map(Stored::number).toList();
    }

    private void refusesWhatIsNoSequence(ClientStore store) {
        try (StoreTransaction transaction = store.begin()) {
            Demand.refusal("after", IllegalArgumentException.class, () -> transaction.after(NAMES, 0, 1));
            Demand.refusal("before", IllegalArgumentException.class, () -> transaction.before(NAMES, 0, 1));
            Demand.refusal("a name as a number", IllegalArgumentException.class, () -> {
                transaction.put(LOG, A, new byte[0]);
                return null;
            });
        }
    }

    private void takesAnyBytes(ClientStore store) {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Space space = Space.named("any", Bytes.wrap(all));
        List<Bytes> keys = List.of(Bytes.wrap(all), Bytes.fromHex("00"), Bytes.fromHex("0000"), Bytes.fromHex("ff"));
        byte[] large = new byte[1 << 20];
        try (StoreTransaction transaction = store.begin()) {
            for (Bytes key : keys) {
                large[0] = key.at(0);
                large[1] = (byte) key.length();
                transaction.put(space, key, large);
            }
            transaction.commit();
        }
        try (StoreTransaction transaction = store.begin()) {
            for (Bytes key : keys) {
                byte[] found = transaction.get(space, key).orElseThrow(() -> new AssertionError("no " + key));
                Demand.equal("the length of a value", large.length, found.length);
                Demand.that("a value of its key", found[0] == key.at(0) && found[1] == (byte) key.length());
            }
        }
    }

    private void copies(ClientStore store) {
        byte[] value = "value".getBytes(UTF_8);
        try (StoreTransaction transaction = store.begin()) {
            transaction.put(NAMES, A, value);
            value[0] = 'X';
            transaction.get(NAMES, A).orElseThrow()[1] = 'Y';
            transaction.all(NAMES).get(0).value()[2] = 'Z';
            equal("after all copies were changed", "value", get(transaction, NAMES, A));
        }
    }

    private void endsTransactions(ClientStore store) {
        StoreTransaction transaction = store.begin();
        transaction.commit();
        Demand.refusal("get after commit", IllegalStateException.class, () -> transaction.get(NAMES, A));
        Demand.refusal("commit after commit", IllegalStateException.class, () -> {
            transaction.commit();
            return null;
        });
        transaction.close();
        transaction.close();
        put(store, NAMES, A, "the store goes on");
        equal("a later record", "the store goes on", get(store, NAMES, A));
    }

    private void refusesToBegin(ClientStore store) {
        try (StoreTransaction transaction = store.begin()) {
            Demand.refusal("a second beginning", IllegalStateException.class, store::begin);
            transaction.commit();
        }
        store.close();
        store.close();
        Demand.refusal("beginning after closing", IllegalStateException.class, store::begin);
    }

    private void queuesThreads(ClientStore store) throws Exception {
        Crew crew = new Crew();
        for (int thread = 0; thread < 4; thread++) {
            crew.go(() -> {
                for (int i = 0; i < 25; i++) {
                    increment(store);
                }
            });
        }
        crew.await();
        equal("a count of all threads", "100", get(store, NAMES, A));
    }

    private static void increment(ClientStore store) {
        try (StoreTransaction transaction = store.begin()) {
            int count = get(transaction, NAMES, A).map(Integer::parseInt).orElse(0);
            transaction.put(NAMES, A, Integer.toString(count + 1).getBytes(UTF_8));
            transaction.commit();
        }
    }

    private void keepsWhatItHas() {
        S first = empty.get();
        put(first, NAMES, A, "kept");
        put(first, LOG, Space.key(-1), "the last");
        try (StoreTransaction transaction = first.begin()) {
            transaction.put(NAMES, B, "never committed".getBytes(UTF_8));
        }
        try (ClientStore later = reopened.apply(first)) {
            equal("a record of an earlier process", "kept", get(later, NAMES, A));
            equal("a record that was not committed", null, get(later, NAMES, B));
            try (StoreTransaction transaction = later.begin()) {
                Demand.equal("its sequence", List.of(-1L), numbers(transaction.before(LOG, 0, 5)));
            }
        }
    }
}
