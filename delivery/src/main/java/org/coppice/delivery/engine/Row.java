package org.coppice.delivery.engine;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;

/** The present row of a result, by columns that count from 1. Valid during one call of a {@link RowReader}. */
public final class Row {
    private final ResultSet result;

    Row(ResultSet result) {
        this.result = result;
    }

    /** A number. */
    public long int64(int column) throws SQLException {
        return result.getLong(column);
    }

    /** A small number. */
    public int int32(int column) throws SQLException {
        return result.getInt(column);
    }

    /** 0 for no, anything else for yes. */
    public boolean flag(int column) throws SQLException {
        return result.getInt(column) != 0;
    }

    /** A text. */
    public String text(int column) throws SQLException {
        return result.getString(column);
    }

    /** Bytes that are there. */
    public Bytes bytes(int column) throws SQLException {
        return Bytes.wrap(result.getBytes(column));
    }

    /** Bytes that may be NULL. */
    public Optional<Bytes> optionalBytes(int column) throws SQLException {
        return Optional.ofNullable(result.getBytes(column)).map(Bytes::wrap);
    }

    /** A number that may be NULL. */
    public Optional<Long> optionalInt64(int column) throws SQLException {
        long value = result.getLong(column);
        return result.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
