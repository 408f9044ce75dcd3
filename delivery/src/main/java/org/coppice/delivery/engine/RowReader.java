package org.coppice.delivery.engine;

import java.sql.SQLException;

/**
 * Makes a value of a row.
 *
 * @param <T> the value
 */
@FunctionalInterface
public interface RowReader<T> {
    /** Reads the columns of {@code row}, which is not kept. */
    T read(Row row) throws SQLException;
}
