package org.coppice.testkit.readme;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.tree.LeafIndex;

/** The examples of docs/API.md, compiled and run. */
final class ApiExamples {
    /** A delivery service that takes Commits or not. */
    interface Service {
        boolean accepts(MlsMessage commit);

        void deliver(MlsMessage welcome);
    }

    /** What was shown. */
    final List<String> shown = new ArrayList<>();
    /** Whether Commits of others are allowed. */
    boolean allowing = true;

    static void commit(Group group, KeyPackage newcomer, LeafIndex leaver, Service service) throws MlsException {
        // example:commit
        StagedCommit commit = group.commit().add(newcomer).remove(leaver).build();
        if (service.accepts(commit.message())) {
            group.merge(commit); // stored, and the new epoch begins; now deliver the Welcome
            service.deliver(commit.welcome().orElseThrow());
        } else {
            commit.close(); // another one was first: its secrets are wiped, receive that one, build anew
        }
        // example:end
    }

    void receive(Group group, byte[] bytes) throws MlsException {
        // example:receive
        Received received = group.receive(MlsMessage.decode(bytes));
        if (received instanceof Received.Application message) {
            show(message.sender(), message.data());
        } else if (received instanceof Received.CommitStaged staged) {
            if (allows(staged.commit().effects())) {
                group.merge(staged.commit());
            } else {
                staged.commit().close(); // this member now stays behind: others may go on without it
            }
        } else if (received instanceof Received.Own own && own.commit().isPresent()) {
            group.merge(own.commit().get()); // my Commit, as the service ordered it
        }
        // example:end
    }

    private void show(Member sender, Bytes data) {
        shown.add(sender.leafIndex() + ": " + new String(data.toByteArray(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private boolean allows(CommitEffects effects) {
        return allowing || effects.added().isEmpty();
    }

    static Map<Bytes, Group> load(Environment environment, MlsClient client) throws MlsException {
        Map<Bytes, Group> groups = new HashMap<>();
        // example:load
        for (Bytes groupId : environment.store().groups()) {
            groups.put(groupId, client.load(groupId));
        }
        // example:end
        return groups;
    }
}
