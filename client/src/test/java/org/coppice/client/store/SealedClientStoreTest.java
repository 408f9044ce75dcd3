package org.coppice.client.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.coppice.client.Between;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SealedClientStoreTest extends StoreTestBase {
    private static final PassphraseCost CHEAP = new PassphraseCost(64, 1, 1);

    private final Recording below = new Recording(new InMemoryClientStore());

    @Override
    ClientStore open() {
        return SealedClientStore.open(below, key(1), Randomness.system());
    }

    private static StoreKey key(int fill) {
        byte[] bytes = new byte[StoreKey.LENGTH];
        java.util.Arrays.fill(bytes, (byte) fill);
        return StoreKey.of(Secret.wrap(bytes));
    }

    private static StoreKey passphrase(String text) {
        return StoreKey.passphrase(text.toCharArray(), CHEAP);
    }

    private void assertRefused(StoreKey key, StoreException.Reason reason) {
        assertThatThrownBy(() -> SealedClientStore.open(below.unclosable(), key, Randomness.system()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    @Tag("A-8.3-06")
    @Tag("A-8.3-08")
    void whatIsBelowSeesNoNameNoKeyAndNoValue() {
        put(Space.named("history", bytes("group of alice and bob")), bytes("bob"), "meet me at noon");
        put(Space.sequence("history", bytes("group of alice and bob")), Space.key(7), "meet me at noon");
        assertThat(below.seen).hasSizeGreaterThan(3);
        for (String seen : below.seen) {
            assertThat(seen)
                    .doesNotContain("history")
                    .doesNotContain("alice")
                    .doesNotContain("bob")
                    .doesNotContain("noon");
        }
    }

    @Test
    void equalValuesDoNotLookEqual() {
        put(NAMES, bytes("a"), "same");
        put(NAMES, bytes("b"), "same");
        put(NAMES, bytes("a"), "same");
        assertThat(new HashSet<>(below.values)).hasSameSizeAs(below.values);
    }

    @Test
    void theSameKeyOpensItAndAnotherDoesNot() {
        put(NAMES, bytes("a"), "kept");
        assertRefused(key(2), StoreException.Reason.WRONG_KEY);
        assertRefused(passphrase("guess"), StoreException.Reason.WRONG_KEY);
        store = SealedClientStore.open(below, key(1), Randomness.system());
        assertThat(get(NAMES, bytes("a"))).isEqualTo("kept");
    }

    @Test
    void thePassphraseCanBeChanged() {
        put(NAMES, bytes("a"), "kept");
        SealedClientStore sealed = (SealedClientStore) store;
        sealed.changeKey(key(1), passphrase("correct horse"));
        assertRefused(key(1), StoreException.Reason.WRONG_KEY);
        assertRefused(passphrase("correct hors"), StoreException.Reason.WRONG_KEY);
        assertThatThrownBy(() -> sealed.changeKey(key(1), key(2)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.WRONG_KEY));
        // The cost of the store counts, not that of the key that opens it.
        store = SealedClientStore.open(below, StoreKey.passphrase("correct horse".toCharArray()), Randomness.system());
        assertThat(get(NAMES, bytes("a"))).isEqualTo("kept");
    }

    @Test
    void anAlteredByteAnywhereIsNoticed() {
        put(NAMES, bytes("a"), "value");
        Space space = below.spaces.get(below.spaces.size() - 1);
        for (int at = 1; at < lastValue(space).length; at += 7) {
            int place = at;
            alter(space, value -> value[place] ^= 1);
            assertDamaged(() -> get(NAMES, bytes("a")));
            alter(space, value -> value[place] ^= 1);
        }
        assertThat(get(NAMES, bytes("a"))).isEqualTo("value");
        alter(space, value -> value[0] = 9);
        assertThatThrownBy(() -> get(NAMES, bytes("a")))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.UNKNOWN_VERSION));
    }

    private static void assertDamaged(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.DAMAGED));
    }

    private byte[] lastValue(Space space) {
        try (StoreTransaction transaction = below.begin()) {
            return transaction.all(space).get(0).value();
        }
    }

    private void alter(Space space, java.util.function.Consumer<byte[]> change) {
        try (StoreTransaction transaction = below.begin()) {
            StoreTransaction.Stored stored = transaction.all(space).get(0);
            byte[] value = stored.value();
            change.accept(value);
            transaction.put(space, stored.key(), value);
            transaction.commit();
        }
    }

    @Test
    void aValueDoesNotFitAnotherPlace() {
        put(NAMES, bytes("a"), "of a");
        Space names = below.spaces.get(below.spaces.size() - 1);
        put(NAMES, bytes("b"), "of b");
        try (StoreTransaction transaction = below.begin()) {
            List<StoreTransaction.Stored> records = transaction.all(names);
            transaction.put(names, records.get(0).key(), records.get(1).value());
            transaction.put(names, records.get(1).key(), records.get(0).value());
            transaction.commit();
        }
        assertDamaged(() -> get(NAMES, bytes("a")));
        assertDamaged(() -> get(NAMES, bytes("b")));
    }

    @Test
    void whatIsDamagedCanBeDeletedAndNothingElseIs() {
        put(NAMES, bytes("a"), "altered");
        alter(below.spaces.get(below.spaces.size() - 1), value -> value[30] ^= 1);
        put(NAMES, bytes("b"), "kept");
        put(LOG, Space.key(7), "altered");
        alter(below.spaces.get(below.spaces.size() - 1), value -> value[30] ^= 1);
        put(LOG, Space.key(8), "kept");
        try (StoreTransaction transaction = store.begin()) {
            assertThat(transaction.deleteDamaged(OTHER)).isEmpty();
            assertThat(transaction.deleteDamaged(NAMES)).containsExactly(Bytes.EMPTY);
            assertThat(transaction.deleteDamaged(LOG)).containsExactly(Space.key(7));
            transaction.commit();
        }
        assertThat(get(NAMES, bytes("b"))).isEqualTo("kept");
        assertThat(get(NAMES, bytes("a"))).isNull();
        try (StoreTransaction transaction = store.begin()) {
            assertThat(transaction.all(LOG))
                    .singleElement()
                    .satisfies(record -> assertThat(record.number()).isEqualTo(8));
        }
    }

    /** The header is in the clear: whoever can write to the file had its reader fill 4 GiB a thousand times. */
    @Test
    void aCostThatNobodyAskedForIsNotPaid() {
        SealedClientStore sealed = (SealedClientStore) store;
        sealed.changeKey(key(1), passphrase("correct horse"));
        byte[] header = lastValue(below.spaces.get(0));
        for (PassphraseCost cost : List.of(
                new PassphraseCost(4 << 20, 1000, 1),
                new PassphraseCost((128 << 10) + 8, 1, 1),
                new PassphraseCost(64 << 10, 13, 1))) {
            // After two bytes of version, 17 of the store's id, and one of the kind.
            alter(below.spaces.get(0), value -> System.arraycopy(cost.encoded(), 0, value, 20, cost.encoded().length));
            assertRefused(passphrase("correct horse"), StoreException.Reason.TOO_COSTLY);
        }
        alter(below.spaces.get(0), value -> System.arraycopy(header, 0, value, 0, header.length));
        SealedClientStore.open(below.unclosable(), passphrase("correct horse"), Randomness.system());
    }

    @Test
    void aCostThatTheApplicationChoseIsPaid() {
        PassphraseCost high = new PassphraseCost(1 << 20, 4, 4);
        assertThat(high.isBearable(high)).isTrue();
        assertThat(high.isBearable(PassphraseCost.DEFAULT)).isFalse();
        assertThat(PassphraseCost.DEFAULT.isBearable(CHEAP)).isTrue();
    }

    @Test
    void aMadeUpCostCannotExhaustTheMemory() {
        assertThatThrownBy(() -> new PassphraseCost(Integer.MAX_VALUE, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PassphraseCost(64, 1, 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PassphraseCost(64, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        alter(below.spaces.get(0), value -> value[value.length - 1] ^= 1);
        assertRefused(key(1), StoreException.Reason.WRONG_KEY);
    }

    /** Keeps what a store is given. */
    private static final class Recording implements ClientStore {
        private final ClientStore store;
        private final List<String> seen = new java.util.ArrayList<>();
        private final List<Bytes> values = new java.util.ArrayList<>();
        private final List<Space> spaces = new java.util.ArrayList<>();

        Recording(ClientStore store) {
            this.store = store;
        }

        /** The same store for an opening that fails, which closes what it was given. */
        ClientStore unclosable() {
            return new ClientStore() {
                @Override
                public StoreTransaction begin() {
                    return Recording.this.begin();
                }

                @Override
                public void close() {
                    // The store is needed again.
                }
            };
        }

        @Override
        public StoreTransaction begin() {
            StoreTransaction transaction = store.begin();
            return Between.put(StoreTransaction.class, transaction, call -> {
                if (call.is("put")) {
                    Set.of(call.arguments()).forEach(arg -> seen.add(text(arg)));
                    values.add(Bytes.copyOf((byte[]) call.argument(2)));
                    spaces.add((Space) call.argument(0));
                }
                return call.go();
            });
        }

        private static String text(Object value) {
            byte[] bytes = value instanceof Space space
                    ? space.encoded()
                    : value instanceof Bytes key ? key.toByteArray() : (byte[]) value;
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
