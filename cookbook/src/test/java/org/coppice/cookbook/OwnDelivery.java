package org.coppice.cookbook;

import static org.coppice.cookbook.Kitchen.SUITE;
import static org.coppice.cookbook.Pantry.said;

import java.io.PrintStream;
import java.nio.file.Path;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;

/** The SDK runs over a delivery service of the application's own. */
final class OwnDelivery {
    private OwnDelivery() {}

    static void cook(PrintStream out, Path directory) throws Exception {
        // begin use
        MemoryDelivery service = new MemoryDelivery(); // a Connector: what the SDK opens its sessions by
        try (CoppiceClient alice = device(service, "alice/laptop");
                CoppiceClient bob = device(service, "bob/phone")) {
            Conversation garden = alice.createConversation("garden");
            garden.invite(new UserName("bob"));
            bob.sync();
            Conversation bobs = bob.conversation(garden.id()).orElseThrow();

            // Both change the group in the same epoch. The service takes one; the other is built anew by itself.
            bobs.rename("orchard");
            garden.refresh();
            bobs.send("done");
            alice.sync();
            out.println(garden.view().name() + ", epoch " + garden.view().epoch() + ", " + said(garden));
        }
        // end use
    }

    private static CoppiceClient device(MemoryDelivery service, String name) throws Exception {
        ClientEnvironment environment = ClientEnvironment.standard();
        Identity identity = Identity.generate(environment, SUITE, ClientId.parse(name));
        CoppiceClient client = CoppiceClient.create(ClientStores.inMemory(), identity, environment, service);
        client.sync();
        return client;
    }
}
