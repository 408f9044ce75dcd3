package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Welcome;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which of a client's key packages a Welcome is opened with, and which of them are of no use for it (RFC 9420 §12.4.3.1). */
class WhichKeyPackageTest {
    private Scene scene;
    private MlsClient former;
    private MlsClient present;

    @BeforeEach
    void aClientThatReplacedItsSignatureKey() throws MlsException {
        scene = Scene.of("alice", "bob");
        former = scene.client("carol").client();
        present = MlsClient.create(former.environment(), former.crypto().suite(), former.credential());
    }

    private StagedCommit adding(KeyPackageBundle... bundles) throws MlsException {
        var commit = scene.group("alice").commit();
        for (KeyPackageBundle bundle : bundles) {
            commit.add(bundle.keyPackage());
        }
        return commit.build();
    }

    private static MlsMessage welcome(StagedCommit commit) throws MlsException {
        return Scene.wire(commit.welcome().orElseThrow());
    }

    /** It joined with the present key, and everything that it then signed was refused by the others. */
    @Test
    @Tag("R-12.4.3.1-33")
    void aKeyPackageOfAnotherSignatureKeyIsTheCallersMistakeAndUsesNothingUp() throws MlsException {
        KeyPackageBundle bundle = former.generateKeyPackage();
        StagedCommit commit = adding(bundle);
        assertThatThrownBy(() -> present.join(welcome(commit), bundle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signature key");
        assertThat(present.environment().store().groups()).isEmpty();

        Group carols = former.join(welcome(commit), bundle);
        scene.follow("alice", commit);
        scene.group("alice").receive(carols.encrypt(new byte[] {1}));
    }

    @Test
    @Tag("R-12.4.3.1-04")
    void ofTwoInOneWelcomeTheOneOfThePresentSignatureKeyIsTaken() throws MlsException {
        KeyPackageBundle old = former.generateKeyPackage();
        KeyPackageBundle fresh = present.generateKeyPackage();
        StagedCommit commit = adding(old, fresh);
        Group carols = present.join(welcome(commit), old, fresh);
        scene.follow("alice", commit);
        scene.group("alice").receive(carols.encrypt(new byte[] {1}));
        assertThat(old.initKeyPair().privateKey().isClosed()).isFalse();
        assertThat(fresh.initKeyPair().privateKey().isClosed()).isTrue();
    }

    @Test
    @Tag("R-12.4.3.1-04")
    void aKeyPackageThatWasUsedDoesNotStandInTheWayOfOneThatWasNot() throws MlsException {
        KeyPackageBundle used = present.generateKeyPackage();
        KeyPackageBundle fresh = present.generateKeyPackage();
        StagedCommit commit = adding(fresh);
        Welcome genuine = ((MlsMessage.Welcome) welcome(commit).body()).welcome();
        List<Welcome.EncryptedGroupSecrets> entries = new ArrayList<>(genuine.secrets());
        entries.add(
                0,
                new Welcome.EncryptedGroupSecrets(
                        used.keyPackage().ref(present.crypto()),
                        genuine.secrets().get(0).encryptedGroupSecrets()));
        used.close();
        MlsMessage both = new MlsMessage(
                new MlsMessage.Welcome(new Welcome(genuine.cipherSuite(), entries, genuine.encryptedGroupInfo())));
        Group carols = present.join(Scene.wire(both), used, fresh);
        assertThat(carols.state()).isEqualTo(commit.nextState());
    }

    /** The members refused it for its signature. */
    @Test
    void nobodyProposesToAddAKeyPackageOfAnotherSignatureKey() throws MlsException {
        KeyPackageBundle bundle = former.generateKeyPackage();
        Group group = scene.group("alice");
        assertThatThrownBy(() -> present.proposeAdd(group.groupId(), group.epoch(), bundle.keyPackage()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signature key");
    }
}
