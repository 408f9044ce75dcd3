package org.coppice.delivery.engine;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;

/**
 * SQL inside one transaction. Parameters are {@link Bytes}, {@link Long}, {@link Integer}, {@link Boolean} (as 1 or 0), {@link String},
 * or {@link #NO_BYTES}. Not thread safe, and not to be kept beyond the work.
 */
public final class Transaction {
    /** NULL for a column of bytes. */
    public static final Object NO_BYTES = new Object();

    private final Statements statements;
    private final Dialect dialect;

    Transaction(Statements statements, Dialect dialect) {
        this.statements = Objects.requireNonNull(statements, "statements");
        this.dialect = Objects.requireNonNull(dialect, "dialect");
    }

    /** What the database needs to be told in its own words. */
    public Dialect dialect() {
        return dialect;
    }

    /** Runs a statement that changes rows and returns how many it changed. */
    public int update(String sql, Object... parameters) throws SQLException {
        return with(sql, statement -> {
            bind(statement, parameters);
            return statement.executeUpdate();
        });
    }

    /** Runs a statement that changes rows once for each of {@code all} parameter lists, in one round trip where there are any. */
    public void updateAll(String sql, List<Object[]> all) throws SQLException {
        if (all.isEmpty()) {
            return;
        }
        with(sql, statement -> {
            for (Object[] parameters : all) {
                bind(statement, parameters);
                statement.addBatch();
            }
            return statement.executeBatch();
        });
    }

    /** Runs a statement that yields rows, also one that changes them with RETURNING, and reads all of them. */
    public <T> List<T> list(String sql, RowReader<T> reader, Object... parameters) throws SQLException {
        return with(sql, statement -> {
            bind(statement, parameters);
            List<T> out = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                Row row = new Row(result);
                while (result.next()) {
                    out.add(reader.read(row));
                }
            }
            return out;
        });
    }

    @FunctionalInterface
    private interface Run<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private <T> T with(String sql, Run<T> run) throws SQLException {
        PreparedStatement statement = statements.take(sql);
        boolean done = false;
        try {
            T result = run.on(statement);
            done = true;
            return result;
        } finally {
            if (done) {
                statements.giveBack(statement);
            } else {
                statements.discard(sql, statement);
            }
        }
    }

    /** The first row that a statement yields, if there is one. */
    public <T> Optional<T> first(String sql, RowReader<T> reader, Object... parameters) throws SQLException {
        // All rows are read: a changing statement that is not stepped to its end may not be done.
        List<T> all = list(sql, reader, parameters);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /** Whether a statement yields a row. */
    public boolean exists(String sql, Object... parameters) throws SQLException {
        return first(sql, row -> true, parameters).isPresent();
    }

    private static void bind(PreparedStatement statement, Object[] parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Bytes bytes) {
                statement.setBytes(i + 1, bytes.toByteArray());
            } else if (value instanceof Long number) {
                statement.setLong(i + 1, number);
            } else if (value instanceof Integer number) {
                statement.setInt(i + 1, number);
            } else if (value instanceof Boolean flag) {
                statement.setInt(i + 1, flag ? 1 : 0);
            } else if (value instanceof String text) {
                statement.setString(i + 1, text);
            } else if (value == NO_BYTES) {
                statement.setNull(i + 1, Types.BINARY);
            } else {
                throw new IllegalArgumentException("no parameter can be a " + value.getClass());
            }
        }
    }
}
