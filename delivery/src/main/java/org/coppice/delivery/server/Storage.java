package org.coppice.delivery.server;

import java.nio.file.Path;
import java.util.Objects;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.EngineStartException;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.delivery.engine.SqliteEngine;

/** Where a node keeps what it has confirmed. */
public sealed interface Storage {
    /**
     * SQLite in a directory of this machine, for a single node.
     *
     * @param path the directory; it is made if it is missing. One process at a time can have it
     */
    record Directory(Path path) implements Storage {
        /** Checks that it is there. */
        public Directory {
            Objects.requireNonNull(path, "path");
        }

        @Override
        public Engine open() throws EngineStartException {
            return SqliteEngine.open(path);
        }
    }

    /**
     * PostgreSQL, for any number of nodes on one database.
     *
     * @param address where it is
     */
    record Postgres(PostgresEngine.Address address) implements Storage {
        /** Checks that it is there. */
        public Postgres {
            Objects.requireNonNull(address, "address");
        }

        @Override
        public Engine open() throws EngineStartException {
            return PostgresEngine.open(address);
        }
    }

    /**
     * Opens it, and brings its tables up to date.
     *
     * @throws EngineStartException if it cannot be used; the message says why
     */
    Engine open() throws EngineStartException;
}
