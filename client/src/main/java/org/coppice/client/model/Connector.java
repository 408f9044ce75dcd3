package org.coppice.client.model;

import java.io.IOException;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;

/** Opens a session at a delivery service. Thread safe. */
@FunctionalInterface
public interface Connector {
    /**
     * A session of a client, which the caller closes.
     *
     * @param identity who logs in
     * @throws DeliveryException if the service refuses it
     * @throws IOException if the service cannot be reached
     */
    DeliverySession connect(Identity identity) throws DeliveryException, IOException;
}
