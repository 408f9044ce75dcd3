package org.coppice.delivery.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** How a connection's statements are had and given back. */
interface Statements {
    PreparedStatement take(String sql) throws SQLException;

    void giveBack(PreparedStatement statement) throws SQLException;

    /** Lets go of one that has failed: a driver may have closed it behind our back. Throws nothing that would hide the failure. */
    void discard(String sql, PreparedStatement statement);

    /** Prepared and closed each time: the driver or the pool keeps what is worth keeping. */
    static Statements fresh(Connection connection) {
        return new Statements() {
            @Override
            public PreparedStatement take(String sql) throws SQLException {
                return connection.prepareStatement(sql);
            }

            @Override
            public void giveBack(PreparedStatement statement) throws SQLException {
                statement.close();
            }

            @Override
            public void discard(String sql, PreparedStatement statement) {
                closeQuietly(statement);
            }
        };
    }

    /** Prepared once for as long as the connection lives; the service's SQL is a fixed set of texts. Not thread safe. */
    static Statements cached(Connection connection) {
        Map<String, PreparedStatement> known = new HashMap<>();
        return new Statements() {
            @Override
            public PreparedStatement take(String sql) throws SQLException {
                PreparedStatement statement = known.get(sql);
                if (statement == null) {
                    statement = connection.prepareStatement(sql);
                    known.put(sql, statement);
                }
                return statement;
            }

            @Override
            public void giveBack(PreparedStatement statement) {
                // All parameters are bound anew each time.
            }

            @Override
            public void discard(String sql, PreparedStatement statement) {
                known.remove(sql);
                closeQuietly(statement);
            }
        };
    }

    private static void closeQuietly(PreparedStatement statement) {
        try {
            statement.close();
        } catch (SQLException e) {
            // It goes with its connection at the latest.
            return;
        }
    }
}
