package org.coppice.cookbook;

import static org.coppice.cookbook.Kitchen.SUITE;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.store.ClientStore;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;

/** What the recipes over the SDK begin with. */
final class Pantry {
    private Pantry() {}

    /** A server on this machine, as {@code coppice serve} starts one, on a port of its own. */
    static DeliveryServer serve(Path directory) throws IOException {
        return DeliveryServer.start(ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(directory))
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty())
                .withDrain(Duration.ZERO, Duration.ofSeconds(5)));
    }

    static String url(DeliveryServer server) {
        return "http://127.0.0.1:" + server.port();
    }

    // begin helpers
    /** A new device, known to the service and ready to be invited. */
    static CoppiceClient device(HttpDelivery service, String name, ClientStore store) throws Exception {
        ClientEnvironment environment = ClientEnvironment.standard();
        Identity identity = Identity.generate(environment, SUITE, ClientId.parse(name));
        service.register(identity);
        CoppiceClient client = CoppiceClient.create(store, identity, environment, service);
        client.sync(); // publishes key packages
        return client;
    }

    /** What was said, each text with its sender. */
    static List<String> said(Conversation conversation) {
        return conversation.latest(100).stream()
                .filter(HistoryEntry.Message.class::isInstance)
                .map(HistoryEntry.Message.class::cast)
                .map(message ->
                        message.sender() + ": " + message.payload().text().orElse("?"))
                .toList();
    }
    // end helpers
}
