package org.coppice.delivery.engine;

import java.sql.SQLException;
import org.coppice.delivery.api.DeliveryException;

/**
 * What is done in one transaction. It may be run several times until one run counts, so it changes nothing but through the transaction.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface Work<T> {
    /**
     * Does it.
     *
     * @throws DeliveryException to undo all that was done and to answer this
     * @throws SQLException if the database refuses; the engine decides what becomes of it
     */
    T run(Transaction tx) throws SQLException, DeliveryException;
}
