package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coppice.cookbook.Kitchen.client;
import static org.coppice.cookbook.Kitchen.environment;
import static org.coppice.cookbook.Kitchen.name;
import static org.coppice.cookbook.Kitchen.text;

import java.io.PrintStream;
import java.nio.file.Path;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;

/** Somebody enters a group alone, by an external Commit. */
final class ExternalEntry {
    private ExternalEntry() {}

    static void cook(PrintStream out, Path directory) throws MlsException {
        // begin join
        Group alices = client(environment().build(), "alice").createGroup();
        MlsClient carol = client(environment().build(), "carol");

        // A member publishes a GroupInfo of each epoch; here it carries the tree.
        MlsMessage published = alices.groupInfo(true);

        // Carol makes her Commit on it; nobody has to be online for that. But somebody else was faster:
        ExternalJoin tooLate = carol.joinExternally(published);
        alices.merge(alices.commit().build());
        try {
            alices.receive(tooLate.commit());
        } catch (StaleEpochException e) {
            out.println("for epoch " + e.messageEpoch() + ", the group is in " + e.groupEpoch() + ": again");
            tooLate.close();
        }

        // So she takes the GroupInfo of the new epoch. The service publishes hers together with her Commit.
        Group carols;
        try (ExternalJoin join = carol.joinExternally(alices.groupInfo(true))) {
            StagedCommit entering = alices.stage(join.commit());
            entering.effects().added().forEach(member -> out.println("comes in: " + name(member.credential())));
            alices.merge(entering);
            carols = join.group(); // once the service has accepted her Commit
        }

        if (carols.receive(alices.encrypt("welcome".getBytes(UTF_8))) instanceof Received.Application message) {
            out.println("carol reads: " + text(message.data()));
        }
        // end join
    }
}
