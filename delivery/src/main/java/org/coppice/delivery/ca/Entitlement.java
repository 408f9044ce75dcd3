package org.coppice.delivery.ca;

import java.sql.SQLException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.engine.Transaction;

/** What entitles to an act of the authority, looked at, or used up, in the transaction that does it. */
@FunctionalInterface
public interface Entitlement {
    /**
     * Uses it.
     *
     * @throws DeliveryException if it does not hold
     */
    void use(Transaction tx) throws SQLException, DeliveryException;
}
