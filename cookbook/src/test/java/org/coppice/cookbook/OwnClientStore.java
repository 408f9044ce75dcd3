package org.coppice.cookbook;

import static org.coppice.cookbook.Pantry.device;
import static org.coppice.cookbook.Pantry.said;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.store.ClientStore;
import org.coppice.client.store.SealedClientStore;
import org.coppice.client.store.StoreKey;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;

/** The SDK keeps what it has in the application's own database. */
final class OwnClientStore {
    private OwnClientStore() {}

    static void cook(PrintStream out, Path directory) throws Exception {
        String url = "jdbc:sqlite:" + directory.resolve("app.db");
        Secret fromTheDevice = Secret.wrap(Randomness.system().bytes(StoreKey.LENGTH));
        try (DeliveryServer server = Pantry.serve(directory.resolve("server"));
                HttpDelivery service = HttpDelivery.at(Pantry.url(server));
                StoreKey key = StoreKey.of(fromTheDevice)) {
            // begin use
            ClientStore store = new SqlClientStore(DriverManager.getConnection(url));
            ClientStore sealed = SealedClientStore.open(store, key, Randomness.system()); // the table shows no secret
            try (CoppiceClient alice = device(service, "alice/laptop", sealed)) {
                alice.createConversation("diary").send("dear diary");
            }

            // The next start.
            store = new SqlClientStore(DriverManager.getConnection(url));
            sealed = SealedClientStore.open(store, key, Randomness.system());
            try (CoppiceClient alice = CoppiceClient.open(sealed, ClientEnvironment.standard(), service)) {
                Conversation diary = alice.conversations().get(0);
                said(diary).forEach(line -> out.println(diary.view().name() + ": " + line));
            }
            // end use
        }
    }
}
