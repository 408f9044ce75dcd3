package org.coppice.client.store;

import java.nio.charset.StandardCharsets;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A store to be tested. What every store promises is in {@code ClientStoreContract} of the client's testkit, which asks these stores, too.
 */
abstract class StoreTestBase {
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
}
