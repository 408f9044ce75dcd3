package org.coppice.client.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.InMemoryClientStore;
import org.coppice.client.store.StoreKey;
import org.coppice.mls.crypto.Secret;

/** What a device keeps over the end of a process, and what copies can be made of it. */
interface Disk {
    /** Opens the store as a process finds it that begins now. */
    ClientStore open();

    /** Closes what {@link #open} gave. */
    void release(ClientStore store);

    /** What the end of the process that has it open leaves, in the middle of a transaction too. */
    Disk atEnd();

    /** A copy to be put in the place of a later state; made while no transaction is open. */
    Disk copy();

    /** In memory: each opening works on a copy, so that a process that is gone changes nothing any more. */
    static Disk inMemory() {
        return new InMemory(new InMemoryClientStore());
    }

    /** A sealed SQLite file in {@code directory}, which this disk has for itself. */
    static Disk sqlite(Path directory) {
        return new Sqlite(directory);
    }

    /** A store in memory. */
    final class InMemory implements Disk {
        private InMemoryClientStore store;

        private InMemory(InMemoryClientStore store) {
            this.store = store;
        }

        @Override
        public ClientStore open() {
            store = store.copy();
            return store;
        }

        @Override
        public void release(ClientStore opened) {
            // Closing would wipe it, and the next process finds what this one left.
        }

        @Override
        public Disk atEnd() {
            // Opening copies, and by then the transaction of the process is undone.
            return this;
        }

        @Override
        public Disk copy() {
            return new InMemory(store.copy());
        }
    }

    /** A file, its log beside it. */
    final class Sqlite implements Disk {
        private static final String FILE = "client.sqlite";
        private static final String LOG = FILE + "-wal";

        private final Path directory;

        private Sqlite(Path directory) {
            this.directory = directory;
        }

        @Override
        public ClientStore open() {
            try (StoreKey key = StoreKey.of(Secret.wrap(new byte[StoreKey.LENGTH]))) {
                return ClientStores.sqlite(directory.resolve(FILE), key);
            }
        }

        @Override
        public void release(ClientStore opened) {
            opened.close();
        }

        @Override
        public Disk atEnd() {
            return copy();
        }

        @Override
        public Disk copy() {
            try {
                Path copies = Files.createTempDirectory(directory.getParent(), "copy");
                for (String name : List.of(FILE, LOG)) {
                    if (Files.exists(directory.resolve(name))) {
                        Files.copy(directory.resolve(name), copies.resolve(name));
                    }
                }
                return new Sqlite(copies);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
