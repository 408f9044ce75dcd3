package org.coppice.delivery.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.contract.Device;
import org.coppice.mls.framing.MlsMessage;

/** Publishes key packages and fetches Welcomes. */
final class Joiner implements Load {
    private static final int STOCK = 20;

    private final Client client;

    Joiner(Client client) {
        this.client = client;
    }

    @Override
    public void run() throws Exception {
        while (true) {
            try {
                int left = client.session().keyPackageStock().of(Device.SUITE).ordinary();
                if (left < STOCK) {
                    publish();
                }
                for (InboxEntry entry : client.session().inbox(0, 100, Duration.ofMillis(20))) {
                    client.journal().welcomed(client.session().self(), entry);
                    client.session().acknowledgeInbox(entry.seq());
                }
            } catch (DeliveryException | IOException e) {
                Thread.sleep(20);
            }
        }
    }

    private void publish() throws Exception {
        List<MlsMessage> fresh = new ArrayList<>();
        for (int i = 0; i < STOCK; i++) {
            fresh.add(client.mls().generateKeyPackage().message());
        }
        client.ask(Journal.Kind.PUBLISH, Client.list(fresh));
    }
}
