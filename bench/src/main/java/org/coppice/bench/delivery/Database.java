package org.coppice.bench.delivery;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.EngineStartException;
import org.coppice.delivery.engine.PostgresEngine;
import org.coppice.delivery.engine.SqliteEngine;

/** A database of its own, synced as in production. */
sealed interface Database extends AutoCloseable {
    /** The service's engine over it. */
    Engine open() throws EngineStartException;

    /** A connection that syncs as the engine's do, for the floor. */
    Connection connect() throws SQLException;

    @Override
    void close() throws IOException;

    /** SQLite in a directory. */
    record Sqlite(Path directory) implements Database {
        @Override
        public Engine open() throws EngineStartException {
            return SqliteEngine.open(directory);
        }

        @Override
        public Connection connect() throws SQLException {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("floor.sqlite"));
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
            }
            return connection;
        }

        @Override
        public void close() {
            // The directory is its owner's.
        }

        @Override
        public String toString() {
            return "SQLite";
        }
    }

    /** A PostgreSQL server in a directory. */
    record Postgres(EmbeddedPostgres server) implements Database {
        /** As many as the engine may have for writing. */
        static final int CONNECTIONS = 16;

        static Postgres start(Path directory) throws IOException {
            return new Postgres(EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    // The library turns these off.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "100")
                    .start());
        }

        private String url() {
            return server.getJdbcUrl("postgres", "postgres");
        }

        @Override
        public Engine open() throws EngineStartException {
            return PostgresEngine.open(new PostgresEngine.Address(url(), null, null, CONNECTIONS));
        }

        @Override
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url());
        }

        @Override
        public void close() throws IOException {
            server.close();
        }

        @Override
        public String toString() {
            return "PostgreSQL";
        }
    }
}
