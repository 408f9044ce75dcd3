package org.coppice.cookbook;

import static org.coppice.cookbook.Pantry.device;
import static org.coppice.cookbook.Pantry.said;

import java.io.PrintStream;
import java.nio.file.Path;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.SafetyNumber;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.StoreKey;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;

/** Two people, over the SDK. */
final class TwoPeople {
    private TwoPeople() {}

    static void cook(PrintStream out, Path directory) throws Exception {
        try (DeliveryServer server = Pantry.serve(directory.resolve("server"))) {
            talk(Pantry.url(server), directory.resolve("alice.db"), out);
        }
    }

    private static void talk(String url, Path file, PrintStream out) throws Exception {
        Secret fromTheDevice = Secret.wrap(Randomness.system().bytes(StoreKey.LENGTH));
        // begin talk
        UserName bobsName = new UserName("bob");
        try (HttpDelivery service = HttpDelivery.at(url);
                StoreKey key = StoreKey.of(fromTheDevice);
                CoppiceClient alice = device(service, "alice/laptop", ClientStores.sqlite(file, key));
                CoppiceClient bob = device(service, "bob/phone", ClientStores.inMemory())) {
            Conversation garden = alice.createConversation("garden");
            garden.invite(bobsName); // all devices that Bob has now
            garden.send("hello, bob");

            bob.sync(); // joins, and reads; client.background(executor) does it whenever there is something
            Conversation bobs = bob.conversation(garden.id()).orElseThrow();
            bobs.send("hi alice");
            alice.sync();
            said(garden).forEach(out::println);

            // Until they have compared these digits, each believes the service about who the other is.
            SafetyNumber seen = garden.safetyNumber(bobsName);
            if (seen.equals(bobs.safetyNumber(new UserName("alice")))) {
                garden.verify(bobsName, seen); // refused if a device or key has changed since
            }
            garden.members().forEach(member -> out.println(member.client() + " verified: " + member.verified()));
        }
        // end talk
    }
}
