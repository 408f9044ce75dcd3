package org.coppice.cookbook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.coppice.cookbook.Kitchen.client;
import static org.coppice.cookbook.Kitchen.environment;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.observer.StagedPublicCommit;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.mls.state.StateChange;

/** A server follows a group and refuses what the members would refuse, without a secret. */
final class Observer {
    private Observer() {}

    // begin gate
    /** Takes a message into the log of a group, or says why not. */
    static String take(PublicGroup observer, InMemoryStateStore database, byte[] bytes) {
        try {
            MlsMessage message = MlsMessage.decode(bytes);
            Observed observed = observer.stage(message);
            if (observed instanceof Observed.Staged staged) {
                try (StateChange change = observer.change(staged)) {
                    database.apply(change); // in one transaction with the row of the log and the new epoch
                }
                observer.merge(staged);
            }
            return observed instanceof StagedPublicCommit commit
                    ? "a Commit, now " + commit.nextState().roster().size() + " members in epoch "
                            + commit.nextState().epoch()
                    : "passed on";
        } catch (StaleEpochException e) {
            return "too late: the group is in epoch " + e.groupEpoch();
        } catch (ValidationException e) {
            return "refused: " + e.rule();
        } catch (MlsException e) {
            return "not a message: " + e.getMessage();
        }
    }
    // end gate

    static void cook(PrintStream out, Path directory) throws MlsException {
        // begin follow
        // Handshakes travel as PublicMessages, so that the server can read who comes and goes, and nothing that is
        // said.
        Environment open = environment()
                .policy(GroupPolicy.builder()
                        .handshakeWireFormat(WireFormat.PUBLIC_MESSAGE)
                        .build())
                .build();
        Group alices = client(open, "alice").createGroup();
        PublicGroup observer = PublicGroup.follow(environment().build(), alices.groupInfo(true), Optional.empty());
        InMemoryStateStore database = new InMemoryStateStore();
        database.apply(observer.initialChange());

        StagedCommit adding = alices.commit()
                .add(client(open, "bob").generateKeyPackage().keyPackage())
                .build();
        StagedCommit rival = alices.commit().build();
        out.println(take(observer, database, adding.message().encoded()));
        out.println(take(observer, database, rival.message().encoded()));
        alices.merge(adding);
        out.println(
                take(observer, database, alices.encrypt("hello".getBytes(UTF_8)).encoded()));

        // Mallory has a group of the same name; her Commits are signed, but not by a member.
        Group mallorys = client(open, "mallory").createGroup(alices.groupId());
        mallorys.merge(mallorys.commit().build());
        out.println(take(observer, database, mallorys.commit().build().message().encoded()));

        // After a restart it goes on where the records end.
        PublicGroup again = PublicGroup.load(environment().build(), database.load(alices.groupId()));
        out.println("loaded, epoch " + again.state().epoch());
        // end follow
    }
}
