package org.coppice.delivery.engine;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.coppice.delivery.api.DeliveryException;
import org.sqlite.ProgressHandler;

/**
 * SQLite, one work after the other, which counts what it does: so many instructions of its virtual machine that a statement which
 * goes through all rows of a group shows, on a machine of any speed.
 */
public final class CountedSqlite implements Engine {
    /** SQLite calls back each time it has done so many. */
    private static final int UNIT = 4;

    private final Connection connection;
    private final Transaction tx;
    private long calls;

    private CountedSqlite(Connection connection) {
        this.connection = connection;
        this.tx = new Transaction(Statements.cached(connection), Dialect.SQLITE);
    }

    /** A new database in {@code directory}. */
    public static CountedSqlite open(Path directory) throws Exception {
        SqliteEngine.open(directory).close();
        CountedSqlite engine =
                new CountedSqlite(DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("delivery.sqlite")));
        ProgressHandler.setHandler(engine.connection, UNIT, new ProgressHandler() {
            @Override
            protected int progress() {
                engine.calls++;
                return 0;
            }
        });
        return engine;
    }

    /** How many instructions it has done since it was opened. */
    public synchronized long instructions() {
        return calls * UNIT;
    }

    @Override
    public <T> T read(Work<T> work) throws DeliveryException {
        return write(work);
    }

    @Override
    public synchronized <T> T write(Work<T> work) throws DeliveryException {
        try {
            SqliteEngine.execute(connection, "BEGIN");
            boolean done = false;
            try {
                T result = work.run(tx);
                done = true;
                return result;
            } finally {
                SqliteEngine.execute(connection, done ? "COMMIT" : "ROLLBACK");
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public SignalBus signals() {
        return SignalBus.NONE;
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
