package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coppice.cookbook.Kitchen.SUITE;
import static org.coppice.cookbook.Kitchen.bytes;
import static org.coppice.cookbook.Kitchen.client;
import static org.coppice.cookbook.Kitchen.environment;
import static org.coppice.cookbook.Kitchen.join;
import static org.coppice.cookbook.Kitchen.text;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;

/** Groups survive in a table of the application's own database. */
final class OwnStateStore {
    private OwnStateStore() {}

    static void cook(PrintStream out, Path directory) throws Exception {
        // begin use
        String url = "jdbc:sqlite:" + directory.resolve("app.db");
        Group bobs;
        Signer key;
        try (Connection database = DriverManager.getConnection(url)) {
            Environment environment =
                    environment().store(new SqlStateStore(database)).build();
            MlsClient alice = client(environment, "alice");
            Group alices = alice.createGroup();
            bobs = join(alices, client(environment().build(), "bob"));
            key = alice.signer(); // a file, a key store, a hardware module: never the same table in the clear
        }

        // Another process: the database and the key are all there is.
        try (Connection database = DriverManager.getConnection(url)) {
            Environment environment =
                    environment().store(new SqlStateStore(database)).build();
            MlsClient alice = MlsClient.of(environment, SUITE, Credential.basic(bytes("alice")), key);
            for (Bytes id : environment.store().groups()) {
                Group alices = alice.load(id);
                out.println("found a group in epoch " + alices.epoch());
                MlsMessage message = alices.encrypt("still here".getBytes(UTF_8));
                if (bobs.receive(message) instanceof Received.Application received) {
                    out.println("bob reads: " + text(received.data()));
                }
            }
        }
        // end use
    }
}
