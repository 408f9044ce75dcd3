package org.coppice.client.store;

import java.nio.file.Path;
import org.coppice.mls.crypto.Randomness;

/** The stores that come with the library. */
public final class ClientStores {
    private ClientStores() {}

    /**
     * A sealed store in an SQLite file, which is made if it is absent.
     *
     * @param key stays the caller's
     * @throws StoreException if the file is in use, the key is wrong, or the file is damaged: the reason says which
     */
    public static SealedClientStore sqlite(Path file, StoreKey key) {
        return SealedClientStore.open(SqliteClientStore.open(file), key, Randomness.system());
    }

    /** A store in memory, which ends with the process. */
    public static ClientStore inMemory() {
        return new InMemoryClientStore();
    }
}
