package org.coppice.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.client.store.SealedClientStore;
import org.coppice.client.store.Space;
import org.coppice.client.store.SqliteClientStore;
import org.coppice.client.store.StoreKey;
import org.coppice.client.store.StoreTransaction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.testkit.contract.ContractCase;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The contract of client stores: those of the SDK hold it, and stores with one fault each do not. */
class ClientStoreContractTest {
    private final AtomicInteger files = new AtomicInteger();

    @TempDir
    private Path directory;

    private static <S extends ClientStore> Stream<DynamicTest> tests(Supplier<S> empty, UnaryOperator<S> reopened) {
        return ClientStoreContract.cases(empty, reopened).stream()
                .map(promise -> DynamicTest.dynamicTest(promise.name(), promise::run));
    }

    @TestFactory
    Stream<DynamicTest> theStoreInMemoryHoldsIt() {
        return tests(InMemoryClientStore::new, InMemoryClientStore::copy);
    }

    @TestFactory
    Stream<DynamicTest> theSqliteStoreHoldsIt() {
        return tests(() -> new Filed(path(), SqliteClientStore::open), Filed::reopened);
    }

    @TestFactory
    Stream<DynamicTest> theSealedStoreHoldsIt() {
        return tests(() -> new Filed(path(), ClientStoreContractTest::sealed), Filed::reopened);
    }

    private Path path() {
        return directory.resolve(files.incrementAndGet() + ".db");
    }

    private static ClientStore sealed(Path file) {
        try (StoreKey key = StoreKey.of(Secret.zeros(StoreKey.LENGTH))) {
            return SealedClientStore.open(SqliteClientStore.open(file), key, Randomness.system());
        }
    }

    /** Opens the store of a file. */
    @FunctionalInterface
    private interface Opening {
        ClientStore open(Path file);
    }

    /** A store that knows its file. */
    private static final class Filed implements ClientStore {
        private final Path file;
        private final Opening opening;
        private final ClientStore store;

        Filed(Path file, Opening opening) {
            this.file = file;
            this.opening = opening;
            this.store = opening.open(file);
        }

        Filed reopened() {
            close();
            return new Filed(file, opening);
        }

        @Override
        public StoreTransaction begin() {
            return store.begin();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    // ---- stores with a fault

    /** A right store, but for what a subclass spoils. */
    private static class Faulty implements ClientStore {
        private final ClientStore right = new InMemoryClientStore();

        @Override
        public StoreTransaction begin() {
            return new FaultyTransaction(right.begin());
        }

        @Override
        public void close() {
            right.close();
        }
    }

    private static class FaultyTransaction implements StoreTransaction {
        final StoreTransaction right;

        FaultyTransaction(StoreTransaction right) {
            this.right = right;
        }

        @Override
        public Optional<byte[]> get(Space space, Bytes key) {
            return right.get(space, key);
        }

        @Override
        public void put(Space space, Bytes key, byte[] value) {
            right.put(space, key, value);
        }

        @Override
        public void delete(Space space, Bytes key) {
            right.delete(space, key);
        }

        @Override
        public void deleteAll(Space space) {
            right.deleteAll(space);
        }

        @Override
        public List<Stored> all(Space space) {
            return right.all(space);
        }

        @Override
        public List<Stored> after(Space sequence, long after, int limit) {
            return right.after(sequence, after, limit);
        }

        @Override
        public List<Stored> before(Space sequence, long before, int limit) {
            return right.before(sequence, before, limit);
        }

        @Override
        public void commit() {
            right.commit();
        }

        @Override
        public void close() {
            right.close();
        }
    }

    private static List<String> broken(UnaryOperator<StoreTransaction> fault) {
        List<ContractCase> cases = ClientStoreContract.cases(
                () -> new Faulty() {
                    @Override
                    public StoreTransaction begin() {
                        return fault.apply(super.begin());
                    }
                },
                UnaryOperator.identity());
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

    @Test
    void aStoreWithoutAFaultHoldsIt() {
        assertThat(broken(UnaryOperator.identity())).isEmpty();
    }

    @Test
    void aTransactionThatCommitsWhenItIsClosedIsFound() {
        assertThat(broken(right -> new FaultyTransaction(right) {
                    private boolean ended;

                    @Override
                    public void commit() {
                        super.commit();
                        ended = true;
                    }

                    @Override
                    public void close() {
                        if (!ended) {
                            commit();
                        }
                        super.close();
                    }
                }))
                .contains(
                        "what is not committed leaves nothing", "a transaction that was undone is followed by another");
    }

    @Test
    void signedNumbersAreFound() {
        assertThat(broken(right -> new FaultyTransaction(right) {
                    @Override
                    public List<Stored> after(Space sequence, long after, int limit) {
                        right.after(sequence, after, limit);
                        return right.all(sequence).stream()
                                .sorted((a, b) -> Long.compare(a.number(), b.number()))
                                .filter(record -> record.number() > after)
                                .limit(limit)
                                .toList();
                    }
                }))
                .containsExactly("sequences stand in the order of unsigned numbers");
    }

    @Test
    void spacesThatShareTheirRecordsAreFound() {
        assertThat(broken(right -> new FaultyTransaction(right) {
                    private Space joined(Space space) {
                        return Space.named(
                                space.name() + Arrays.toString(space.owner().toByteArray()), Bytes.EMPTY);
                    }

                    @Override
                    public void put(Space space, Bytes key, byte[] value) {
                        super.put(space.isSequence() ? space : joined(space), key, value);
                    }

                    @Override
                    public Optional<byte[]> get(Space space, Bytes key) {
                        return super.get(space.isSequence() ? Space.named("names", Bytes.EMPTY) : joined(space), key);
                    }
                }))
                .contains("spaces of other kinds and owners are apart");
    }

    @Test
    void aStoreThatCannotDeleteIsFound() {
        assertThat(broken(right -> new FaultyTransaction(right) {
                    @Override
                    public void delete(Space space, Bytes key) {
                        // Forgotten.
                    }
                }))
                .containsExactly("what is not committed leaves nothing");
    }
}
