package org.coppice.client.simulator;

import java.io.IOException;
import org.coppice.client.model.Identity;
import org.coppice.client.scenario.FakeService;
import org.coppice.client.scenario.FakeSession;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;

/** The delivery service of a life. */
interface Service extends AutoCloseable {
    /** Registers or logs a client in. */
    void login(Identity identity) throws DeliveryException, IOException;

    /** What a client that has logged in asks of the service as it is now, whatever restarts there were. */
    DeliverySession session(ClientId client);

    /** The process of the service ends and another begins. */
    void restart() throws DeliveryException, IOException;

    @Override
    void close();

    /** One in memory, which lets everybody in. */
    static Service inMemory(FakeService service) {
        return new Service() {
            @Override
            public void login(Identity identity) {
                // Whoever comes is believed.
            }

            @Override
            public DeliverySession session(ClientId client) {
                return new FakeSession(service, client);
            }

            @Override
            public void restart() {
                // It has nothing but its memory.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
