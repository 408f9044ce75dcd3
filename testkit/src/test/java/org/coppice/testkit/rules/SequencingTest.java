package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MediaType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PrivateMessageCipher;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The order of Commits, application messages, and what is registered (RFC 9420 §14 to §17). */
class SequencingTest {
    private static final CipherSuite SUITE = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private Scene scene;
    private Group alice;
    private Actor bob;

    @BeforeEach
    void threeMembers() throws MlsException {
        scene = Scene.of("alice", "bob", "carol");
        alice = scene.group("alice");
        bob = scene.actor("bob");
    }

    // ---- §14

    @Test
    @Tag("R-14-01")
    @Tag("R-14-02")
    @Tag("R-14-03")
    @Tag("R-14-06")
    @Tag("A-5.2.1-02")
    void ofRivalCommitsOneIsMergedAndTheOthersAreDropped() throws MlsException {
        StagedCommit own = bob.group().commit().build();
        StagedCommit winner = alice.commit().build();
        StagedCommit first = bob.group().stage(Scene.wire(winner.message()));
        StagedCommit second = scene.group("carol").stage(Scene.wire(own.message()));
        second.close();
        assertThat(bob.group().pendingCommits()).hasSize(1);
        bob.group().merge(first);
        scene.group("carol").merge(scene.group("carol").stage(Scene.wire(winner.message())));
        alice.merge(winner);
        assertThat(own.isClosed()).isTrue();
        assertThat(bob.group().pendingCommits()).isEmpty();
        assertThat(bob.group().state())
                .isEqualTo(alice.state())
                .isEqualTo(scene.group("carol").state());
        assertThatThrownBy(() -> bob.group().merge(own)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCommitStagedInAnEarlierEpochIsNotMerged() throws MlsException {
        StagedCommit winner = alice.commit().build();
        StagedCommit rival = scene.group("carol").commit().build();
        StagedCommit late = bob.group().stage(Scene.wire(rival.message()));
        bob.group().merge(bob.group().stage(Scene.wire(winner.message())));
        Map<Bytes, Bytes> before = bob.snapshot();
        assertThatThrownBy(() -> bob.group().merge(late))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another epoch");
        assertThat(bob.snapshot()).isEqualTo(before);
        assertThat(bob.group().state()).isEqualTo(winner.nextState());
    }

    /** Staging took the key of an application message with it and then threw: the message could never be read again. */
    @Test
    void stagingWhatIsNoCommitLeavesItToBeReceived() throws MlsException {
        MlsMessage text = Scene.wire(alice.encrypt(new byte[] {7}));
        MlsMessage proposal =
                Scene.wire(alice.proposeRemove(scene.group("carol").ownLeaf()));
        Map<Bytes, Bytes> before = bob.snapshot();
        for (MlsMessage message : List.of(text, proposal)) {
            assertThatThrownBy(() -> bob.group().stage(message)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(bob.snapshot()).isEqualTo(before);
        assertThat(bob.group().pendingProposals()).isEmpty();
        assertThat(((Received.Application) bob.group().receive(text)).data()).isEqualTo(Bytes.fromHex("07"));
        assertThat(bob.group().receive(proposal)).isInstanceOf(Received.ProposalCached.class);
    }

    /** All members of an epoch have equal states, and so one took another's leaf and keys when a program mixed up two clients. */
    @Test
    void aCommitStagedByOneMemberIsNotMergedByAnother() throws MlsException {
        Group carol = scene.group("carol");
        StagedCommit empty = alice.commit().build();
        StagedCommit removal = alice.commit().remove(carol.ownLeaf()).build();
        StagedCommit ofCarol = carol.stage(Scene.wire(empty.message()));
        StagedCommit removesCarol = carol.stage(Scene.wire(removal.message()));
        StagedCommit ofBob = bob.group().stage(Scene.wire(removal.message()));
        Map<Bytes, Bytes> bobBefore = bob.snapshot();
        Map<Bytes, Bytes> carolBefore = scene.actor("carol").snapshot();
        for (StagedCommit foreign : List.of(empty, ofCarol, removesCarol)) {
            assertThatThrownBy(() -> bob.group().merge(foreign)).isInstanceOf(IllegalStateException.class);
            assertThat(foreign.isClosed()).isFalse();
        }
        assertThatThrownBy(() -> carol.merge(ofBob)).isInstanceOf(IllegalStateException.class);
        assertThat(bob.snapshot()).isEqualTo(bobBefore);
        assertThat(scene.actor("carol").snapshot()).isEqualTo(carolBefore);
        bob.group().merge(ofBob);
        carol.merge(removesCarol);
        alice.merge(removal);
        assertThat(bob.group().state()).isEqualTo(alice.state());
    }

    @Test
    @Tag("R-14-06")
    void aPendingCommitCanBeDropped() throws MlsException {
        Map<Bytes, Bytes> before = bob.snapshot();
        StagedCommit own = bob.group().commit().build();
        bob.group().clearPendingCommits();
        assertThat(own.isClosed()).isTrue();
        assertThat(bob.snapshot()).isEqualTo(before);
        scene.commit("alice");
        assertThat(bob.group().state()).isEqualTo(alice.state());
    }

    @Test
    @Tag("R-14-03")
    @Tag("A-5.2.2-04")
    void formerEpochsGoWhenThePolicySaysSo() throws MlsException {
        byte[] data = {1};
        MlsMessage late = alice.encrypt(data);
        MlsMessage tooLate = alice.encrypt(data);
        scene.commit("carol");
        scene.commit("carol");
        assertThat(bob.group().receive(Scene.wire(late))).isInstanceOf(Received.Application.class);
        scene.commit("carol");
        Refusals.refuses(Rule.STALE_EPOCH, bob, tooLate);
    }

    @Test
    @Tag("R-14-04")
    @Tag("A-5.2.1-03")
    void makingACommitLeavesTheStateAsItIs() throws MlsException {
        GroupState before = alice.state();
        Map<Bytes, Bytes> stored = scene.actor("alice").snapshot();
        alice.commit().build();
        assertThat(alice.state()).isEqualTo(before);
        // Nothing but the waiting Commit is new.
        assertThat(scene.actor("alice").snapshot()).hasSize(stored.size() + 1).containsAllEntriesOf(stored);
    }

    @Test
    @Tag("R-14-05")
    void theWelcomeIsApartFromTheCommitAndWaitsWithIt() throws MlsException {
        Joining joining = Joining.of(scene, "alice", commit -> commit);
        Group reloaded = scene.actor("alice").client().load(alice.groupId());
        StagedCommit waiting = reloaded.pendingCommits().get(0);
        assertThat(waiting.message()).isEqualTo(joining.commit.message());
        assertThat(waiting.welcome()).isEqualTo(joining.commit.welcome());
    }

    // ---- §15

    @Test
    @Tag("R-15.1-01")
    void paddedMessagesAndOthersAreRead() throws MlsException {
        for (PaddingPolicy padding : List.of(PaddingPolicy.none(), PaddingPolicy.step(512), PaddingPolicy.padme())) {
            MlsMessage message = alice.encrypt(new byte[] {7}, SendOptions.DEFAULT.withPadding(padding));
            Received.Application received = (Received.Application) bob.group().receive(Scene.wire(message));
            assertThat(received.data()).isEqualTo(Bytes.fromHex("07"));
        }
    }

    @Test
    @Tag("R-15.2-01")
    void anEpochHasALimitOfMessages() throws MlsException {
        Scene limited = Scene.empty(
                        SUITE,
                        builder -> builder.policy(Scene.policy().toBuilder()
                                .maxMessagesPerEpoch(3)
                                .build()))
                .withGroup(Extensions.EMPTY, "alice", "bob");
        Group group = limited.group("alice");
        for (int i = 0; i < 2; i++) {
            group.encrypt(new byte[1]);
        }
        group.commit().wireFormat(WireFormat.PRIVATE_MESSAGE).build();
        Refusals.refuses(Rule.AEAD_LIMIT, limited.actor("alice"), () -> group.encrypt(new byte[1]));
        // A restart does not forget, a Commit starts anew.
        Group reloaded = limited.actor("alice").client().load(group.groupId());
        assertThatThrownBy(() -> reloaded.encrypt(new byte[1]))
                .satisfies(thrown -> assertThat(Refusals.ruleOf(thrown)).isEqualTo(Rule.AEAD_LIMIT));
        limited.commit("bob");
        assertThat(group.encrypt(new byte[1])).isNotNull();
    }

    @Test
    @Tag("R-15.2-02")
    void afterAChangeMessagesAreEncryptedWithTheNewSecrets() throws MlsException {
        long before = alice.epoch();
        scene.commit("carol");
        PrivateMessage message = (PrivateMessage) alice.encrypt(new byte[1]).body();
        assertThat(message.epoch()).isEqualTo(before + 1);
        assertThat(bob.group().receive(new MlsMessage(message))).isInstanceOf(Received.Application.class);
    }

    @Test
    @Tag("R-15.3-01")
    @Tag("A-5.2-05")
    void messagesAreReadInAnyOrder() throws MlsException {
        List<MlsMessage> messages = new ArrayList<>();
        for (byte i = 0; i < 5; i++) {
            messages.add(alice.encrypt(new byte[] {i}));
        }
        for (int i : new int[] {4, 1, 0, 3, 2}) {
            Received.Application received = (Received.Application) bob.group().receive(Scene.wire(messages.get(i)));
            assertThat(received.data().at(0)).isEqualTo((byte) i);
            assertThat(received.generation()).isEqualTo(i);
        }
        Refusals.refuses(Rule.GENERATION_CONSUMED, bob, messages.get(4));
    }

    @Test
    @Tag("R-15.3-02")
    @Tag("R-15.3-03")
    @Tag("R-15.3-04")
    void theLastGenerationAtTheStartIsRefusedWithoutHarm() throws MlsException {
        Insider insider = scene.actor("alice").insider();
        var content = insider.sign(WireFormat.PRIVATE_MESSAGE, new Content.Application(Bytes.fromHex("00")));
        for (long generation : new long[] {0xffffffffL, 1025}) {
            PrivateMessage message = new PrivateMessageCipher(insider.crypto(), DecodeLimits.DEFAULT)
                    .seal(
                            content,
                            new PrivateMessageCipher.MessageKey(
                                    generation, Secret.wrap(new byte[16]), Secret.wrap(new byte[12])),
                            insider.secrets()::senderDataKeys,
                            PaddingPolicy.none());
            Refusals.refuses(Rule.GENERATION_TOO_FAR, bob, new MlsMessage(message));
        }
        assertThat(bob.group().receive(Scene.wire(alice.encrypt(new byte[1]))))
                .isInstanceOf(Received.Application.class);
    }

    // ---- §16, §17

    @Test
    @Tag("R-16-02")
    @Tag("R-17-01")
    @Tag("R-17-02")
    @Tag("R-17-03")
    void everySuiteHasAnAeadOfThreeAndHmacOfItsHash() throws Exception {
        Map<Integer, String> macs = Map.of(
                1,
                "HmacSHA256",
                2,
                "HmacSHA256",
                3,
                "HmacSHA256",
                4,
                "HmacSHA512",
                5,
                "HmacSHA512",
                6,
                "HmacSHA512",
                7,
                "HmacSHA384");
        assertThat(AeadAlgorithm.values()).hasSize(3);
        assertThat(CipherSuite.STANDARD).hasSize(7);
        for (CipherSuite suite : CipherSuite.STANDARD) {
            var crypto = bob.client().environment().crypto(suite);
            byte[] key = new byte[crypto.hashLength()];
            key[0] = 1;
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance(macs.get(suite.value()));
            mac.init(new javax.crypto.spec.SecretKeySpec(key, "raw"));
            Bytes expected = Bytes.wrap(mac.doFinal(new byte[] {5}));
            assertThat(crypto.mac(Secret.wrap(key.clone()), Bytes.fromHex("05")))
                    .isEqualTo(expected);
            assertThat(expected.length()).isEqualTo(crypto.hashLength());
        }
    }

    @Test
    @Tag("R-17-05")
    void codePointsAreTheRegisteredOnes() throws MlsException {
        assertThat(ProtocolVersion.MLS10.value()).isEqualTo(1);
        assertThat(CipherSuite.STANDARD).extracting(CipherSuite::value).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(List.of(
                        ExtensionType.APPLICATION_ID,
                        ExtensionType.RATCHET_TREE,
                        ExtensionType.REQUIRED_CAPABILITIES,
                        ExtensionType.EXTERNAL_PUB,
                        ExtensionType.EXTERNAL_SENDERS))
                .extracting(ExtensionType::value)
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(List.of(
                        ProposalType.ADD,
                        ProposalType.UPDATE,
                        ProposalType.REMOVE,
                        ProposalType.PSK,
                        ProposalType.REINIT,
                        ProposalType.EXTERNAL_INIT,
                        ProposalType.GROUP_CONTEXT_EXTENSIONS))
                .extracting(ProposalType::value)
                .containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(List.of(CredentialType.BASIC, CredentialType.X509))
                .extracting(CredentialType::value)
                .containsExactly(1, 2);
        for (WireFormat format : WireFormat.values()) {
            assertThat(format.ordinal() + 1).isEqualTo(format.code());
        }
        // Private use is open.
        assertThat(new ProposalType(0xf000).isDefault()).isFalse();
        assertThat(new ExtensionType(0xffff).isDefault()).isFalse();
    }

    @Test
    @Tag("R-17-06")
    @Tag("R-17-07")
    void theMediaTypeIsKnownAndTheVersionInsideCounts() throws MlsException {
        assertThat(MediaType.MESSAGE).isEqualTo("message/mls");
        for (String type : List.of("message/mls", "message/mls;version=1.0", "Message/MLS ; version=9.9")) {
            assertThat(MediaType.isMessage(type)).isTrue();
        }
        assertThat(MediaType.isMessage("message/mlsx")).isFalse();
        // Decoding is told nothing but the message, whose version decides.
        byte[] message = alice.commit().build().message().encoded();
        assertThat(MlsMessage.decode(message).wireFormat()).isEqualTo(WireFormat.PUBLIC_MESSAGE);
        message[1] = 2;
        assertThatThrownBy(() -> MlsMessage.decode(message))
                .satisfies(thrown -> assertThat(Refusals.ruleOf(thrown)).isEqualTo(Rule.UNKNOWN_VERSION));
    }
}
