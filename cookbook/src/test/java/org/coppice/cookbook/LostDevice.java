package org.coppice.cookbook;

import static org.coppice.cookbook.Kitchen.SUITE;
import static org.coppice.cookbook.Pantry.device;
import static org.coppice.cookbook.Pantry.said;

import java.io.PrintStream;
import java.nio.file.Path;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.HistoryEntry;
import org.coppice.client.model.Identity;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;

/** A device lost its store, not its key: it comes back without being asked in. */
final class LostDevice {
    private LostDevice() {}

    static void cook(PrintStream out, Path directory) throws Exception {
        try (DeliveryServer server = Pantry.serve(directory);
                HttpDelivery service = HttpDelivery.at(Pantry.url(server));
                CoppiceClient alice = device(service, "alice/laptop", ClientStores.inMemory())) {
            lose(service, alice, out);
        }
    }

    private static void lose(HttpDelivery service, CoppiceClient alice, PrintStream out) throws Exception {
        // begin lose
        ClientEnvironment environment = ClientEnvironment.standard();
        ClientId name = ClientId.parse("bob/phone");
        SuiteCrypto crypto = SuiteCrypto.of(SUITE, environment.provider(), environment.randomness());
        SignatureKeyPair keys = crypto.generateSignatureKeyPair(); // Bob has a copy of this in a safe place
        Identity bob = Identity.of(crypto, name, name.basicCredential(), crypto.signer(keys));
        service.register(bob);

        Conversation garden = alice.createConversation("garden");
        try (var phone = CoppiceClient.create(ClientStores.inMemory(), bob, environment, service)) {
            phone.sync();
            garden.invite(new UserName("bob"));
            phone.sync();
            garden.send("the key is under the mat");
        } // the phone falls into the lake: its store is gone

        try (var phone = CoppiceClient.create(ClientStores.inMemory(), bob, environment, service)) {
            for (Bytes group : phone.recoverable()) {
                phone.rejoin(group);
            }
            alice.sync(); // she learns of his new keys
            garden.send("are you back?");
            phone.sync();
            Conversation again = phone.conversation(garden.id()).orElseThrow();
            out.println("at Bob's: " + said(again));
        }

        alice.sync();
        for (HistoryEntry entry : garden.latest(10)) {
            if (entry instanceof HistoryEntry.Change change
                    && !change.rejoined().isEmpty()) {
                out.println("at Alice's: " + change.rejoined() + " came back with new keys");
            }
        }
        // end lose
    }
}
