package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.ExternalJoin;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.LeafUpdate;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.UpdatePath;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.coppice.testkit.forge.Outsider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client sent itself, when it comes back: no error, before and after the epoch has changed. */
class EchoTest {
    private Scene scene;
    private Actor alice;
    private Group group;

    @BeforeEach
    void twoMembers() throws MlsException {
        scene = Scene.of("alice", "bob");
        alice = scene.actor("alice");
        group = alice.group();
    }

    private void isEcho(MlsMessage message, ContentType type, long epoch) throws MlsException {
        Map<Bytes, Bytes> before = alice.snapshot();
        assertThat(group.receive(Scene.wire(message)))
                .isEqualTo(new Received.Own(type, epoch, Optional.empty(), false));
        assertThat(alice.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"PUBLIC_MESSAGE", "PRIVATE_MESSAGE"})
    void anEchoMayComeAfterItsCommitWasMerged(WireFormat format) throws MlsException {
        long epoch = group.epoch();
        MlsMessage text = group.encrypt(new byte[1]);
        MlsMessage proposal = group.proposeUpdate(LeafUpdate.KEY_ONLY, SendOptions.DEFAULT.withWireFormat(format));
        StagedCommit own = group.commit().wireFormat(format).build();
        assertThat(((Received.Own) group.receive(Scene.wire(own.message()))).commit())
                .containsSame(own);
        scene.follow("alice", own);
        for (int i = 0; i < 2; i++) {
            isEcho(text, ContentType.APPLICATION, epoch);
            isEcho(proposal, ContentType.PROPOSAL, epoch);
            isEcho(own.message(), ContentType.COMMIT, epoch);
            alice.enter(alice.client().load(group.groupId()));
            group = alice.group();
        }
        scene.commit("bob");
        isEcho(own.message(), ContentType.COMMIT, epoch);
        scene.commit("bob");
        Refusals.refuses(Rule.STALE_EPOCH, alice, Scene.wire(own.message()));
    }

    @ParameterizedTest
    @EnumSource(names = {"PUBLIC_MESSAGE", "PRIVATE_MESSAGE"})
    void whatOthersSentInAPastEpochIsNoEcho(WireFormat format) throws MlsException {
        StagedCommit bobs = scene.group("bob").commit().wireFormat(format).build();
        MlsMessage proposal =
                scene.group("bob").proposeUpdate(LeafUpdate.KEY_ONLY, SendOptions.DEFAULT.withWireFormat(format));
        scene.follow("bob", bobs);
        for (MlsMessage message : List.of(bobs.message(), proposal)) {
            Refusals.refuses(Rule.STALE_EPOCH, alice, Scene.wire(message));
        }
    }

    /** Whoever says to be the receiver, without its key, is told what any late message is. */
    @Test
    void aForgedEchoOfAPastEpochIsNoEcho() throws MlsException {
        MlsMessage forged = scene.actor("bob")
                .insider()
                .at(group.ownLeaf())
                .proposal(new Proposal.Remove(scene.group("bob").ownLeaf()));
        scene.commit("bob");
        Refusals.refuses(Rule.STALE_EPOCH, alice, Scene.wire(forged));
    }

    /** Its sender cannot be read, and may be anybody. */
    @Test
    void aLateMessageWithBrokenSenderDataIsNoEcho() throws MlsException {
        StagedCommit own = group.commit().wireFormat(WireFormat.PRIVATE_MESSAGE).build();
        PrivateMessage genuine = (PrivateMessage) own.message().body();
        byte[] broken = genuine.encryptedSenderData().toByteArray();
        broken[0] ^= 1;
        scene.commit("bob");
        Refusals.refuses(
                Rule.STALE_EPOCH,
                alice,
                new MlsMessage(new PrivateMessage(
                        genuine.groupId(),
                        genuine.epoch(),
                        genuine.contentType(),
                        genuine.authenticatedData(),
                        Bytes.wrap(broken),
                        genuine.ciphertext())));
    }

    @Test
    void theEchoOfACommitThatWasDroppedCarriesNone() throws MlsException {
        StagedCommit own = group.commit().build();
        own.close();
        isEcho(own.message(), ContentType.COMMIT, group.epoch());
    }

    @Test
    void whoJoinedByItsOwnCommitKnowsItsEcho() throws MlsException {
        Actor carol = scene.client("carol");
        ExternalJoin join = carol.client().joinExternally(group.groupInfo(true));
        long epoch = group.epoch();
        group.merge(group.stage(Scene.wire(join.commit())));
        Group joined = join.group();
        assertThat(joined.receive(Scene.wire(join.commit())))
                .isEqualTo(new Received.Own(ContentType.COMMIT, epoch, Optional.empty(), false));
        Refusals.refuses(Rule.STALE_EPOCH, alice, Scene.wire(join.commit()));
    }

    /** Its signature cannot be checked any more. So all that it may do is what the genuine one does: nothing. */
    @Test
    void aForgedEchoOfTheCommitOfAJoinIsPassedOver() throws MlsException {
        Actor carol = scene.client("carol");
        Outsider mallory = new Outsider(scene.client("mallory").client(), group.state());
        ExternalJoin join = carol.client().joinExternally(group.groupInfo(true));
        long epoch = group.epoch();
        group.merge(group.stage(Scene.wire(join.commit())));
        carol.enter(join.group());
        alice = carol;
        group = carol.group();

        LeafNode carols = group.state().tree().leaf(group.ownLeaf()).orElseThrow();
        UpdatePath path = mallory.path(group.ownLeaf(), carols.encryptionKey());
        Proposal remove = new Proposal.Remove(new LeafIndex(0));
        isEcho(
                mallory.externalCommit(new UpdatePath(carols, path.nodes()), mallory.externalInit(), remove),
                ContentType.COMMIT,
                epoch);
        Refusals.refuses(Rule.STALE_EPOCH, carol, mallory.externalCommit(path, mallory.externalInit()));
    }
}
