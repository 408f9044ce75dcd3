package org.coppice.client.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InMemoryClientStoreTest extends StoreTestBase {
    @Override
    ClientStore open() {
        return ClientStores.inMemory();
    }

    @Test
    void aCopyIsASecondStore() {
        put(NAMES, bytes("a"), "then");
        InMemoryClientStore copy = ((InMemoryClientStore) store).copy();
        put(NAMES, bytes("a"), "now");
        try (StoreTransaction transaction = copy.begin()) {
            assertThat(transaction.get(NAMES, bytes("a"))).hasValue(array("then"));
        }
    }
}
