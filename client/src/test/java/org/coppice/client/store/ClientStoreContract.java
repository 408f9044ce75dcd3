package org.coppice.client.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ClientStore} promises. */
abstract class ClientStoreContract {
    static final Space NAMES = Space.named("names", bytes("owner"));
    static final Space OTHER = Space.named("names", bytes("other"));
    static final Space LOG = Space.sequence("log", bytes("owner"));

    ClientStore store;

    abstract ClientStore open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] array(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void put(Space space, Bytes key, String value) {
        try (StoreTransaction transaction = store.begin()) {
            transaction.put(space, key, array(value));
            transaction.commit();
        }
    }

    String get(Space space, Bytes key) {
        try (StoreTransaction transaction = store.begin()) {
            return transaction
                    .get(space, key)
                    .map(value -> new String(value, StandardCharsets.UTF_8))
                    .orElse(null);
        }
    }

    @Test
    void committedRecordsAreThereAndReplaced() {
        put(NAMES, bytes("a"), "one");
        put(NAMES, bytes("a"), "two");
        put(NAMES, bytes("b"), "");
        assertThat(get(NAMES, bytes("a"))).isEqualTo("two");
        assertThat(get(NAMES, bytes("b"))).isEmpty();
        assertThat(get(NAMES, bytes("c"))).isNull();
        assertThat(get(OTHER, bytes("a"))).isNull();
    }

    @Test
    void aTransactionThatIsNotCommittedLeavesNothing() {
        put(NAMES, bytes("kept"), "as it was");
        put(NAMES, bytes("deleted"), "still there");
        try (StoreTransaction transaction = store.begin()) {
            transaction.put(NAMES, bytes("kept"), array("changed"));
            transaction.put(NAMES, bytes("kept"), array("changed again"));
            transaction.put(NAMES, bytes("new"), array("new"));
            transaction.delete(NAMES, bytes("deleted"));
            transaction.deleteAll(LOG);
            assertThat(transaction.get(NAMES, bytes("kept"))).hasValue(array("changed again"));
            assertThat(transaction.get(NAMES, bytes("deleted"))).isEmpty();
        }
        assertThat(get(NAMES, bytes("kept"))).isEqualTo("as it was");
        assertThat(get(NAMES, bytes("deleted"))).isEqualTo("still there");
        assertThat(get(NAMES, bytes("new"))).isNull();
    }

    @Test
    void allGivesEachRecordOfASpaceOnce() {
        put(NAMES, bytes("a"), "1");
        put(NAMES, bytes("b"), "2");
        put(OTHER, bytes("c"), "3");
        try (StoreTransaction transaction = store.begin()) {
            assertThat(transaction.all(NAMES))
                    .extracting(StoreTransaction.Stored::key)
                    .containsExactlyInAnyOrder(bytes("a"), bytes("b"));
            transaction.deleteAll(NAMES);
            assertThat(transaction.all(NAMES)).isEmpty();
            assertThat(transaction.all(OTHER)).hasSize(1);
        }
    }

    @Test
    void sequencesStandInTheOrderOfTheirUnsignedNumbers() {
        for (long number : new long[] {300, 2, -1, 1, Long.MAX_VALUE}) {
            put(LOG, Space.key(number), "n" + number);
        }
        try (StoreTransaction transaction = store.begin()) {
            assertThat(numbers(transaction.all(LOG))).containsExactly(1L, 2L, 300L, Long.MAX_VALUE, -1L);
            assertThat(numbers(transaction.after(LOG, 1, 2))).containsExactly(2L, 300L);
            assertThat(numbers(transaction.after(LOG, -1, 2))).isEmpty();
            assertThat(numbers(transaction.before(LOG, 0, 2))).containsExactly(-1L, Long.MAX_VALUE);
            assertThat(numbers(transaction.before(LOG, 300, 9))).containsExactly(2L, 1L);
            assertThat(transaction.after(LOG, 299, 1).get(0).value()).isEqualTo(array("n300"));
        }
    }

    private static List<Long> numbers(List<StoreTransaction.Stored> records) {
        return records.stream().map(StoreTransaction.Stored::number).toList();
    }

    @Test
    void refusesWhatIsNoSequence() {
        try (StoreTransaction transaction = store.begin()) {
            assertThatThrownBy(() -> transaction.after(NAMES, 0, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> transaction.before(NAMES, 0, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> transaction.put(LOG, bytes("x"), new byte[0]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void valuesGoInAndOutAsCopies() {
        byte[] value = array("value");
        try (StoreTransaction transaction = store.begin()) {
            transaction.put(NAMES, bytes("a"), value);
            value[0] = 'X';
            transaction.get(NAMES, bytes("a")).orElseThrow()[1] = 'Y';
            assertThat(transaction.get(NAMES, bytes("a"))).hasValue(array("value"));
        }
    }

    @Test
    void anEndedTransactionIsOfNoUse() {
        StoreTransaction transaction = store.begin();
        transaction.commit();
        assertThatThrownBy(() -> transaction.get(NAMES, bytes("a"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
        transaction.close();
        transaction.close();
        put(NAMES, bytes("a"), "the store goes on");
    }

    @Test
    void aThreadCannotBeginTwiceAndAClosedStoreNotAtAll() {
        try (StoreTransaction transaction = store.begin()) {
            assertThatThrownBy(store::begin).isInstanceOf(IllegalStateException.class);
            transaction.commit();
        }
        store.close();
        assertThatThrownBy(store::begin).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void transactionsOfSeveralThreadsFollowEachOther() throws InterruptedException {
        AtomicInteger failures = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            new Thread(() -> {
                        try {
                            for (int i = 0; i < 25; i++) {
                                increment();
                            }
                        } catch (RuntimeException e) {
                            failures.incrementAndGet();
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        done.await();
        assertThat(failures).hasValue(0);
        assertThat(get(NAMES, bytes("count"))).isEqualTo("100");
    }

    private void increment() {
        try (StoreTransaction transaction = store.begin()) {
            int count = transaction
                    .get(NAMES, bytes("count"))
                    .map(value -> Integer.parseInt(new String(value, StandardCharsets.UTF_8)))
                    .orElse(0);
            transaction.put(NAMES, bytes("count"), array(Integer.toString(count + 1)));
            transaction.commit();
        }
    }
}
