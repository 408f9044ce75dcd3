package org.coppice.testkit.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.testkit.Scene.wire;

import java.util.Map;
import org.assertj.core.api.Assertions;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.state.InMemoryStateStore;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An old copy of a member's state in the place of a newer one would use keys a second time, where the reuse guard (RFC 9420 §6.3.1) keeps
 * the worst away. What it sent since tells it so, before it sends anything; and nobody else can make it believe that.
 */
class OldStateTest {
    private static final SendOptions PRIVATE = SendOptions.DEFAULT.withWireFormat(WireFormat.PRIVATE_MESSAGE);

    private static final SendOptions PUBLIC = SendOptions.DEFAULT.withWireFormat(WireFormat.PUBLIC_MESSAGE);

    private Scene scene;
    private Scene.Actor ada;
    private Group old;

    @BeforeEach
    void oldCopyOfAda() throws MlsException {
        scene = Scene.of("ada", "ben", "cy");
        ada = scene.actor("ada");
        ada.group().encrypt("before the copy".getBytes(UTF_8));
        MlsClient again = MlsClient.of(
                ada.client().environment().toBuilder()
                        .store(((InMemoryStateStore) ada.client().environment().store()).copy())
                        .build(),
                ada.client().crypto().suite(),
                ada.client().credential(),
                ada.client().signer());
        old = again.load(ada.group().groupId());
    }

    private boolean isFromElsewhere(MlsMessage message) throws MlsException {
        return ((Received.Own) old.receive(wire(message))).fromElsewhere();
    }

    @Test
    void anOldStateSeesThatAMessageWasSentWithoutIt() throws MlsException {
        assertThat(isFromElsewhere(ada.group().encrypt("after it".getBytes(UTF_8))))
                .isTrue();
    }

    @Test
    void soItDoesForProposalsAndEncryptedCommits() throws MlsException {
        Proposal leave = new Proposal.Remove(ada.group().ownLeaf());
        assertThat(isFromElsewhere(ada.group().propose(leave, PUBLIC))).isTrue();
        assertThat(isFromElsewhere(ada.group().propose(leave, PRIVATE))).isTrue();
        assertThat(isFromElsewhere(ada.group()
                        .commit()
                        .wireFormat(WireFormat.PRIVATE_MESSAGE)
                        .build()
                        .message()))
                .isTrue();
        // A public one could be one that this state dropped.
        assertThat(isFromElsewhere(ada.group().commit().build().message())).isFalse();
    }

    @Test
    void whatAStateSentItselfIsAnEcho() throws MlsException {
        Proposal leave = new Proposal.Remove(old.ownLeaf());
        assertThat(isFromElsewhere(old.encrypt("own".getBytes(UTF_8)))).isFalse();
        assertThat(isFromElsewhere(old.propose(leave, PUBLIC))).isFalse();
        assertThat(isFromElsewhere(old.propose(leave, PRIVATE))).isFalse();
        Received.Own commit =
                (Received.Own) old.receive(wire(old.commit().build().message()));
        assertThat(commit.fromElsewhere()).isFalse();
        assertThat(commit.commit()).isPresent();
        Received.Own privateCommit = (Received.Own) old.receive(
                wire(old.commit().wireFormat(WireFormat.PRIVATE_MESSAGE).build().message()));
        assertThat(privateCommit.fromElsewhere()).isFalse();
        assertThat(privateCommit.commit()).isPresent();
    }

    /** Another member can name any leaf in the sender data and derive its keys, but cannot sign for it. */
    @Test
    void anotherMemberCannotPretendIt() throws MlsException {
        Insider ben = scene.actor("ben").insider().at(old.ownLeaf());
        Content.Application content = new Content.Application(Bytes.wrap("not ada".getBytes(UTF_8)));
        MlsMessage forged =
                wire(ben.privateMessage(ben.sign(WireFormat.PRIVATE_MESSAGE, content), PaddingPolicy.none()));
        MlsMessage later =
                wire(ben.privateMessage(ben.sign(WireFormat.PRIVATE_MESSAGE, content), PaddingPolicy.none()));
        // Of a generation that ada has used: nothing can be said of it.
        assertThat(isFromElsewhere(forged)).isFalse();
        Map<Bytes, Bytes> before = ada.snapshot();
        Assertions.assertThatThrownBy(() -> ada.group().receive(later))
                .isInstanceOfSatisfying(
                        ValidationException.class, e -> assertThat(e.rule()).isEqualTo(Rule.MESSAGE_SIGNATURE));
        assertThat(ada.snapshot()).isEqualTo(before);
    }
}
