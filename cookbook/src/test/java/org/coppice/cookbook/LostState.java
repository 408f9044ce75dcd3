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
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.ExternalJoinRequest;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;

/** A device that lost its groups, but not its signature key, takes its place again. */
final class LostState {
    private LostState() {}

    static void cook(PrintStream out, Path directory) throws MlsException {
        Group alices = client(environment().build(), "alice").createGroup();
        MlsClient before = client(environment().build(), "bob");
        Signer key = before.signer();
        join(alices, before).close();
        // begin resync
        MlsMessage missed = alices.encrypt("where are you?".getBytes(UTF_8));

        // Bob's groups are gone. His signature key was elsewhere, so he is still who he was.
        MlsClient bob = MlsClient.of(environment().build(), SUITE, Credential.basic(bytes("bob")), key);
        MlsMessage published = alices.groupInfo(true);
        ExternalJoinRequest request = ExternalJoinRequest.of(published).replacingOwnLeaf();

        // One Commit takes the old leaf out and puts the new one in.
        Group bobs;
        try (ExternalJoin join = bob.joinExternally(request)) {
            StagedCommit coming = alices.stage(join.commit());
            out.println("removed " + coming.effects().removed().size() + ", added "
                    + coming.effects().added().size());
            alices.merge(coming);
            bobs = join.group();
        }

        // What was said before is lost to him: its keys were in what he lost.
        try {
            bobs.receive(missed);
        } catch (StaleEpochException e) {
            out.println("lost: a message of epoch " + e.messageEpoch());
        }
        if (bobs.receive(alices.encrypt("there you are".getBytes(UTF_8))) instanceof Received.Application message) {
            out.println("bob reads: " + text(message.data()));
        }
        // end resync
    }
}
