package org.coppice.client.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that former releases wrote are read by this one. A new format adds a file; these stay. */
class GoldenStoreTest {
    private static final String PASSPHRASE = "golden passphrase";

    @TempDir
    Path directory;

    @Test
    void readsAStoreOfVersion1WithAPassphrase() throws IOException {
        assertContent("v1-passphrase.db", StoreKey.passphrase(PASSPHRASE.toCharArray()));
    }

    @Test
    void readsAStoreOfVersion1WithAKey() throws IOException {
        assertContent("v1-key.db", StoreKey.of(Secret.zeros(StoreKey.LENGTH)));
    }

    private void assertContent(String name, StoreKey key) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream golden = getClass().getResourceAsStream("/store/" + name)) {
            Files.copy(golden, file);
        }
        try (ClientStore store = ClientStores.sqlite(file, key);
                StoreTransaction transaction = store.begin()) {
            assertThat(transaction.get(StoreTestBase.NAMES, StoreTestBase.bytes("name")))
                    .hasValue(StoreTestBase.array("value"));
            assertThat(transaction.after(StoreTestBase.LOG, 1, 9))
                    .singleElement()
                    .satisfies(record -> assertThat(record.number()).isEqualTo(2))
                    .satisfies(
                            record -> assertThat(Bytes.wrap(record.value())).isEqualTo(StoreTestBase.bytes("second")));
        }
    }

    /** Writes the files of the present format into a directory: run by hand when the format changes. */
    public static void main(String[] args) {
        Path directory = Path.of(args[0]);
        write(
                directory.resolve("v1-passphrase.db"),
                StoreKey.passphrase(PASSPHRASE.toCharArray(), new PassphraseCost(256, 2, 2)));
        write(directory.resolve("v1-key.db"), StoreKey.of(Secret.zeros(StoreKey.LENGTH)));
    }

    private static void write(Path file, StoreKey key) {
        try (ClientStore store = SealedClientStore.open(SqliteClientStore.open(file), key, Randomness.system());
                StoreTransaction transaction = store.begin()) {
            transaction.put(StoreTestBase.NAMES, StoreTestBase.bytes("name"), StoreTestBase.array("value"));
            transaction.put(StoreTestBase.LOG, Space.key(1), StoreTestBase.array("first"));
            transaction.put(StoreTestBase.LOG, Space.key(2), StoreTestBase.array("second"));
            transaction.commit();
        }
    }
}
