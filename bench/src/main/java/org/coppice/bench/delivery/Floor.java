package org.coppice.bench.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;

/** What the database alone costs: rows of a kilobyte, confirmed as the engine confirms them, and nothing else. */
final class Floor {
    private static final byte[] KILOBYTE = new byte[1024];

    private Floor() {}

    /** SQLite: one writer that confirms {@code batch} rows at a time, as the engine does for as many that wait. */
    static double sqliteRowsPerSecond(Database.Sqlite database, int batch, double seconds) throws Exception {
        try (Connection connection = database.connect();
                var create = connection.createStatement()) {
            create.execute("CREATE TABLE IF NOT EXISTS floor (seq INTEGER PRIMARY KEY, message BLOB NOT NULL)");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO floor (message) VALUES (?)")) {
                Writers.Result result = Writers.run(
                        List.of(() -> {
                            for (int i = 0; i < batch; i++) {
                                insert.setBytes(1, KILOBYTE);
                                insert.executeUpdate();
                            }
                            connection.commit();
                            return true;
                        }),
                        seconds);
                return result.perSecond() * batch;
            }
        }
    }

    /** PostgreSQL: as many connections as the engine has, each confirming one row at a time. */
    static double postgresRowsPerSecond(Database.Postgres database, double seconds) throws Exception {
        List<Connection> connections = new ArrayList<>();
        try {
            List<Writers.Step> writers = new ArrayList<>();
            for (int i = 0; i < Database.Postgres.CONNECTIONS; i++) {
                Connection connection = database.connect();
                connections.add(connection);
                if (i == 0) {
                    try (var create = connection.createStatement()) {
                        create.execute("CREATE TABLE floor (seq BIGSERIAL PRIMARY KEY, message BYTEA NOT NULL)");
                    }
                }
                connection.setAutoCommit(false);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO floor (message) VALUES (?)");
                writers.add(() -> {
                    insert.setBytes(1, KILOBYTE);
                    insert.executeUpdate();
                    connection.commit();
                    return true;
                });
            }
            return Writers.run(writers, seconds).perSecond();
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }
}
