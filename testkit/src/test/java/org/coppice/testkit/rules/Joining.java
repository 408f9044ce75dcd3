package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.CommitBuilder;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.StagedCommit;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.WelcomeForge;

/** A member who adds a client, and that client before it joins. */
final class Joining {
    final Actor committer;
    final Actor joiner;
    final KeyPackageBundle bundle;
    final StagedCommit commit;

    private Joining(Actor committer, Actor joiner, KeyPackageBundle bundle, StagedCommit commit) {
        this.committer = committer;
        this.joiner = joiner;
        this.bundle = bundle;
        this.commit = commit;
    }

    /** "joiner" is about to join the group of a scene, added by {@code committer}. */
    static Joining of(Scene scene, String committer, UnaryOperator<CommitBuilder> how) throws MlsException {
        return of(scene, committer, scene.client("joiner"), how);
    }

    static Joining of(Scene scene, String committer, Actor joiner, UnaryOperator<CommitBuilder> how)
            throws MlsException {
        KeyPackageBundle bundle = joiner.client().generateKeyPackage();
        Actor by = scene.actor(committer);
        CommitBuilder builder = by.group().commit().add(bundle.keyPackage());
        return new Joining(by, joiner, bundle, how.apply(builder).build());
    }

    SuiteCrypto crypto() {
        return joiner.client().crypto();
    }

    /** Who signs the genuine GroupInfo. */
    Signer signer() {
        return committer.client().signer();
    }

    MlsMessage welcome() {
        return commit.welcome().orElseThrow();
    }

    WelcomeForge forge() throws MlsException {
        return WelcomeForge.open(welcome(), bundle, crypto());
    }

    Group join(MlsMessage welcome) throws MlsException {
        return joiner.client().join(Scene.wire(welcome), bundle);
    }

    /** The joiner refuses a Welcome, and stores nothing. */
    void refuses(Rule rule, MlsMessage welcome) {
        Refusals.refuses(rule, joiner, () -> join(welcome));
    }

    /** The genuine Welcome leads into the committer's next epoch: whatever was refused before has used nothing up. */
    Group joinsByTheGenuineWelcome() throws MlsException {
        Group group = join(welcome());
        assertThat(group.state()).isEqualTo(commit.nextState());
        return group;
    }
}
