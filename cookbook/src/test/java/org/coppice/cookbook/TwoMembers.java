package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coppice.cookbook.Kitchen.bytes;
import static org.coppice.cookbook.Kitchen.client;
import static org.coppice.cookbook.Kitchen.environment;
import static org.coppice.cookbook.Kitchen.name;
import static org.coppice.cookbook.Kitchen.text;

import java.io.PrintStream;
import java.nio.file.Path;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;

/** Two people, over {@code mls} alone. */
final class TwoMembers {
    private TwoMembers() {}

    static void cook(PrintStream out, Path directory) throws MlsException {
        // begin talk
        MlsClient alice = client(environment().build(), "alice");
        MlsClient bob = client(environment().build(), "bob");

        // Bob publishes what others need to add him, and keeps the private half.
        KeyPackageBundle bobsKeys = bob.generateKeyPackage();
        byte[] published = bobsKeys.message().encoded();

        // Alice adds him. Nothing has happened until the service has accepted the Commit: then she merges it.
        Group alices = alice.createGroup();
        KeyPackage claimed = MlsMessage.decode(published).keyPackage().orElseThrow();
        StagedCommit adding = alices.commit().add(claimed).build();
        alices.merge(adding);
        Group bobs = bob.join(adding.welcome().orElseThrow(), bobsKeys);
        bobs.roster().forEach(member -> out.println("member: " + name(member.credential())));

        // They talk. What travels is bytes, in any order, over anything.
        byte[] travelling = alices.encrypt("hello, bob".getBytes(UTF_8)).encoded();
        if (bobs.receive(MlsMessage.decode(travelling)) instanceof Received.Application message) {
            out.println(name(message.sender().credential()) + " says: " + text(message.data()));
        }

        // Bob refreshes his keys: who stole the old ones reads nothing from here on.
        StagedCommit refresh = bobs.commit().build();
        StagedCommit received = alices.stage(MlsMessage.decode(refresh.message().encoded()));
        bobs.merge(refresh);
        alices.merge(received);
        out.println("epoch " + alices.epoch() + ", agreed: "
                + alices.epochAuthenticator().equals(bobs.epochAuthenticator()));

        // A secret of the group's own, to encrypt files or calls with.
        try (Secret callKey = alices.export("call", bytes("monday"), 32)) {
            out.println("a key of " + callKey.length() + " bytes for the call");
        }
        // end talk
    }
}
