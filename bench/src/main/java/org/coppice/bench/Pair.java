package org.coppice.bench;

import java.util.List;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.state.StateStore;

/**
 * The first and the last member of a group whose tree is full; the others are there, but nobody plays them.
 *
 * @param first at the first leaf
 * @param last at the last leaf
 */
record Pair(Group first, Group last) {
    static MlsClient client(Environment environment, String name) throws MlsException {
        return MlsClient.create(environment, Source.SUITE, Credential.basic(FullTree.ascii(name)));
    }

    static Pair of(Setting setting) throws MlsException {
        return of(setting, setting.members(), StateStore.none(), StateStore.none());
    }

    static Pair of(Setting setting, int members, StateStore firstStore, StateStore lastStore) throws MlsException {
        MlsClient a = client(setting.source().environment().store(firstStore).build(), "first");
        MlsClient b = client(setting.source().environment().store(lastStore).build(), "last");
        KeyPackageBundle bBundle = b.generateKeyPackage();
        Group first;
        Group last;
        if (members == 2) {
            first = a.createGroup();
            StagedCommit add = first.commit().add(bBundle.keyPackage()).build();
            first.merge(add);
            last = b.join(wire(add.welcome().orElseThrow()), bBundle);
        } else {
            KeyPackageBundle aBundle = a.generateKeyPackage();
            MlsMessage welcome = new MlsMessage(
                    new MlsMessage.Welcome(setting.tree(members).welcome(aBundle.keyPackage(), bBundle.keyPackage())));
            first = a.join(JoinRequest.of(wire(welcome), List.of(aBundle)));
            last = b.join(JoinRequest.of(wire(welcome), List.of(bBundle)));
        }
        Pair pair = new Pair(first, last);
        // Now both fill the blank nodes above them.
        pair.follow(last, first);
        pair.follow(first, last);
        return pair;
    }

    private void follow(Group committer, Group receiver) throws MlsException {
        StagedCommit commit = committer.commit().build();
        MlsMessage message = wire(commit.message());
        committer.merge(commit);
        receiver.merge(receiver.stage(message));
    }

    static MlsMessage wire(MlsMessage message) throws MlsException {
        return MlsMessage.decode(message.encoded());
    }
}
