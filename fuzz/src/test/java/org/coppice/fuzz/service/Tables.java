package org.coppice.fuzz.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.sqlite.SQLiteDataSource;

/** Tells whether what a node has stored has changed. Not thread safe. */
final class Tables implements AutoCloseable {
    /** A code that somebody tries in vain counts it, so that nobody can try them all: the one thing that a refusal may leave behind. */
    private static final String COUNTED = "attempts";

    private final Connection connection;
    private long version = -1;
    private byte[] digest = {};

    /** @param file a database that others may have open */
    Tables(Path file) throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        connection = source.getConnection();
    }

    /** Whether anything is other than when this was last asked; true when it is asked for the first time. */
    boolean haveChanged() throws SQLException {
        long present = version();
        if (present == version) {
            return false;
        }
        version = present;
        byte[] before = digest;
        digest = digest();
        return !Arrays.equals(before, digest);
    }

    /** Another one after each write that another connection has committed. */
    private long version() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA data_version")) {
            return rows.getLong(1);
        }
    }

    private byte[] digest() throws SQLException {
        MessageDigest out = sha256();
        for (String table : names()) {
            out.update(table.getBytes(StandardCharsets.UTF_8));
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
                ResultSetMetaData columns = rows.getMetaData();
                while (rows.next()) {
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        if (!columns.getColumnName(i).equals(COUNTED)) {
                            update(out, rows.getObject(i));
                        }
                    }
                }
            }
        }
        return out.digest();
    }

    private List<String> names() throws SQLException {
        List<String> out = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
            while (rows.next()) {
                out.add(rows.getString(1));
            }
        }
        return out;
    }

    private static void update(MessageDigest out, Object value) {
        byte[] bytes =
                value instanceof byte[] blob ? blob : Objects.toString(value).getBytes(StandardCharsets.UTF_8);
        out.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        out.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
