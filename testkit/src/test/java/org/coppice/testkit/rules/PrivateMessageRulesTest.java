package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PrivateMessageCipher;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.SenderData;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Commit;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.RatchetLimits;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SenderDataKeys;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Encryption of messages (RFC 9420 §6.3): computed anew by hand, and broken one rule at a time. */
class PrivateMessageRulesTest {
    private static final Bytes DATA = Bytes.fromHex("68656c6c6f");

    private Scene scene;
    private Insider bob;
    private SuiteCrypto crypto;

    @BeforeEach
    void group() throws MlsException {
        scene = Scene.of("alice", "bob", "carol");
        bob = scene.actor("bob").insider();
        crypto = bob.crypto();
    }

    private AuthenticatedContent signed() throws MlsException {
        return bob.sign(WireFormat.PRIVATE_MESSAGE, new Content.Application(DATA));
    }

    /** What a member has to put into a PrivateMessage, each part open to be changed. */
    private final class Forge {
        private LeafIndex leaf = bob.leaf();
        private byte[] plaintext;
        private Bytes aad;
        private Bytes guardInSenderData;
        private long generationInSenderData = -1;
        private byte[] afterSenderData = {};

        Forge(AuthenticatedContent content, int padding) {
            TlsWriter out = new TlsWriter();
            out.struct(content.content().content()).vector(content.signature()).raw(new byte[padding]);
            plaintext = out.toByteArray();
            aad = contentAad(content.content().header(), ContentType.APPLICATION);
        }

        MlsMessage seal() {
            FramedContent.Header header = bob.header();
            try (PendingKey key = bob.messageKeys().nextSendingKey(bob.leaf(), RatchetType.APPLICATION)) {
                Bytes guard = Bytes.fromHex("0badcafe");
                byte[] nonce = key.nonce().exposeCopy();
                for (int i = 0; i < 4; i++) {
                    nonce[i] ^= guard.at(i);
                }
                Bytes ciphertext = crypto.seal(key.key(), nonce, aad, plaintext, plaintext.length);
                Bytes sample = ciphertext.slice(0, Math.min(crypto.hashLength(), ciphertext.length()));
                byte[] senderData = new TlsWriter()
                        .struct(new SenderData(
                                leaf,
                                generationInSenderData < 0 ? key.generation() : generationInSenderData,
                                guardInSenderData == null ? guard : guardInSenderData))
                        .raw(afterSenderData)
                        .toByteArray();
                // §6.3.2 by hand, from a copy of the secret that the epoch hands out for samples.
                try (SenderDataKeys keys = bob.secrets().senderDataKeys(sample)) {
                    Bytes encrypted = crypto.seal(
                            keys.key(),
                            keys.nonce().exposeCopy(),
                            senderDataAad(header, ContentType.APPLICATION),
                            senderData,
                            senderData.length);
                    key.confirm();
                    return new MlsMessage(new PrivateMessage(
                            header.groupId(),
                            header.epoch(),
                            ContentType.APPLICATION,
                            Bytes.EMPTY,
                            encrypted,
                            ciphertext));
                }
            }
        }
    }

    private static Bytes senderDataAad(FramedContent.Header header, ContentType type) {
        return new TlsWriter()
                .vector(header.groupId())
                .uint64(header.epoch())
                .uint8(type.code())
                .toBytes();
    }

    private static Bytes contentAad(FramedContent.Header header, ContentType type) {
        return new TlsWriter()
                .raw(senderDataAad(header, type))
                .vector(header.authenticatedData())
                .toBytes();
    }

    private Received.Application read(MlsMessage message) throws MlsException {
        return (Received.Application) scene.group("alice").receive(Scene.wire(message));
    }

    private void refuses(Rule rule, MlsMessage message) {
        Refusals.refuses(rule, scene.actor("alice"), message);
    }

    private void refusesToOpen(MlsMessage message) {
        Refusals.refusesToOpen(scene.actor("alice"), () -> scene.group("alice").receive(Scene.wire(message)));
    }

    @Test
    @Tag("R-6.3.1-01")
    @Tag("R-6.3.1-04")
    @Tag("R-6.3.1-09")
    @Tag("R-6.3.1-10")
    @Tag("R-6.3.2-01")
    @Tag("R-6.3.2-03")
    @Tag("R-6.3.2-05")
    void readsWhatWasEncryptedByHand() throws MlsException {
        for (int padding : new int[] {0, 1, 17, 500}) {
            Received.Application received = read(new Forge(signed(), padding).seal());
            assertThat(received.data()).isEqualTo(DATA);
            assertThat(received.sender().leafIndex()).isEqualTo(bob.leaf());
        }
    }

    @Test
    @Tag("R-6.3-01")
    void aPrivateMessageIsLaidOutAsTheRfcSays() throws MlsException {
        PrivateMessage message = new PrivateMessage(
                Bytes.fromHex("aa"),
                2,
                ContentType.COMMIT,
                Bytes.fromHex("bbbb"),
                Bytes.fromHex("cc"),
                Bytes.fromHex("dddd"));
        assertThat(SuiteCrypto.encode(message).toHex())
                .isEqualTo("01aa" + "0000000000000002" + "03" + "02bbbb" + "01cc" + "02dddd");
    }

    @Test
    @Tag("R-6.3.1-01")
    @Tag("R-6.3.1-02")
    @Tag("R-6.3.1-08")
    void whatIsSentOpensByHand() throws MlsException {
        MlsMessage message = scene.group("alice")
                .encrypt(DATA.toByteArray(), SendOptions.DEFAULT.withPadding(PaddingPolicy.step(300)));
        PrivateMessage sent = (PrivateMessage) message.body();
        PrivateMessageCipher cipher = new PrivateMessageCipher(crypto, DecodeLimits.DEFAULT);
        SenderData senderData = cipher.openSenderData(sent, bob.secrets()::senderDataKeys);
        try (PendingKey key = bob.messageKeys()
                .receivingKey(
                        senderData.leafIndex(),
                        RatchetType.APPLICATION,
                        senderData.generation(),
                        RatchetLimits.DEFAULT)) {
            byte[] nonce = key.nonce().exposeCopy();
            for (int i = 0; i < 4; i++) {
                nonce[i] ^= senderData.reuseGuard().at(i);
            }
            byte[] plaintext = crypto.open(
                    key.key(), nonce, contentAad(sent.header(), ContentType.APPLICATION), sent.ciphertext());
            assertThat(plaintext).hasSize(300);
            assertThat(Bytes.wrap(plaintext).slice(0, 6).toHex()).isEqualTo("05" + DATA.toHex());
            int content = 1 + DATA.length() + 2 + 64;
            assertThat(Bytes.wrap(plaintext).slice(content, 300 - content).toByteArray())
                    .containsOnly(0);
        }
    }

    /** The length would tell a Commit from other messages. */
    @Test
    @Tag("R-6.3.1-02")
    void aCommitIsPaddedWithItsConfirmationTag() throws MlsException {
        AuthenticatedContent commit = bob.sign(
                        WireFormat.PRIVATE_MESSAGE, new Content.Commit(new Commit(List.of(), Optional.empty())))
                .withConfirmationTag(Bytes.wrap(new byte[32]));
        PrivateMessage sent = (PrivateMessage)
                bob.privateMessage(commit, PaddingPolicy.step(300)).body();
        assertThat(sent.ciphertext().length()).isEqualTo(300 + 16);
    }

    @Test
    @Tag("R-6.3.1-03")
    void paddingThatIsNotZeroIsRefused() throws MlsException {
        for (int at : new int[] {1, 10}) {
            Forge forge = new Forge(signed(), 10);
            forge.plaintext[forge.plaintext.length - at] = 1;
            refuses(Rule.NON_ZERO_PADDING, forge.seal());
        }
    }

    @Test
    @Tag("R-6.3.1-05")
    void handshakesAndApplicationDataUseRatchetsOfTheirOwn() throws MlsException {
        Group group = scene.group("bob");
        StagedCommit first =
                group.commit().wireFormat(WireFormat.PRIVATE_MESSAGE).build();
        MlsMessage data = group.encrypt(new byte[1]);
        StagedCommit second =
                group.commit().wireFormat(WireFormat.PRIVATE_MESSAGE).build();
        PrivateMessageCipher cipher = new PrivateMessageCipher(crypto, DecodeLimits.DEFAULT);
        assertThat(generation(cipher, first.message())).isZero();
        assertThat(generation(cipher, data)).isZero();
        assertThat(generation(cipher, second.message())).isEqualTo(1);
        assertThat(scene.group("alice").receive(Scene.wire(data))).isNotNull();
        assertThat(scene.group("alice").receive(Scene.wire(second.message()))).isNotNull();
    }

    private long generation(PrivateMessageCipher cipher, MlsMessage message) throws MlsException {
        return cipher.openSenderData((PrivateMessage) message.body(), bob.secrets()::senderDataKeys)
                .generation();
    }

    @Test
    @Tag("R-6.3.1-06")
    @Tag("R-9.1-01")
    void thePositionInTheRatchetSurvivesTheProcess() throws MlsException {
        Group group = scene.group("bob");
        PrivateMessageCipher cipher = new PrivateMessageCipher(crypto, DecodeLimits.DEFAULT);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            seen.add(generation(cipher, group.encrypt(new byte[1])));
            group = scene.actor("bob").client().load(group.groupId());
        }
        assertThat(seen).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    @Tag("R-6.3.1-07")
    @Tag("R-6.3.1-08")
    void theReuseGuardIsFreshForEachMessage() throws MlsException {
        PrivateMessageCipher cipher = new PrivateMessageCipher(crypto, DecodeLimits.DEFAULT);
        Set<Bytes> guards = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            MlsMessage message = scene.group("alice").encrypt(new byte[1]);
            guards.add(cipher.openSenderData((PrivateMessage) message.body(), bob.secrets()::senderDataKeys)
                    .reuseGuard());
        }
        assertThat(guards).hasSize(8).allMatch(guard -> guard.length() == 4);
    }

    @Test
    @Tag("R-6.3.1-07")
    @Tag("R-6.3.1-09")
    void anotherGuardThanTheOneUsedDoesNotOpen() throws MlsException {
        Forge forge = new Forge(signed(), 0);
        forge.guardInSenderData = Bytes.fromHex("0badcaff");
        refusesToOpen(forge.seal());
    }

    @Test
    @Tag("R-6.3.1-10")
    void theContentIsBoundToGroupEpochTypeAndAuthenticatedData() throws MlsException {
        MlsMessage message = scene.group("bob")
                .encrypt(DATA.toByteArray(), SendOptions.DEFAULT.withAuthenticatedData(Bytes.fromHex("aa")));
        PrivateMessage genuine = (PrivateMessage) message.body();
        refusesToOpen(new MlsMessage(new PrivateMessage(
                genuine.groupId(),
                genuine.epoch(),
                genuine.contentType(),
                Bytes.fromHex("ab"),
                genuine.encryptedSenderData(),
                genuine.ciphertext())));
        refusesToOpen(new MlsMessage(new PrivateMessage(
                genuine.groupId(),
                genuine.epoch(),
                ContentType.PROPOSAL,
                genuine.authenticatedData(),
                genuine.encryptedSenderData(),
                genuine.ciphertext())));
        assertThat(read(message).authenticatedData()).isEqualTo(Bytes.fromHex("aa"));
    }

    @Test
    @Tag("R-6.3.1-11")
    void theSignatureInsideIsChecked() throws MlsException {
        AuthenticatedContent wrong = bob.signingWith(
                        scene.actor("carol").client().signer())
                .sign(WireFormat.PRIVATE_MESSAGE, new Content.Application(DATA));
        refuses(Rule.MESSAGE_SIGNATURE, bob.privateMessage(wrong, PaddingPolicy.none()));
    }

    @Test
    @Tag("R-6.3.1-12")
    @Tag("R-15.2-01")
    void theLimitsOfTheAeadAreKept() throws MlsException {
        Scene small = Scene.empty(
                        CipherSuite.STANDARD.get(0),
                        builder -> builder.policy(GroupPolicy.builder()
                                .maxMessagesPerEpoch(3)
                                .maxMessageBytes(1000)
                                .build()))
                .withGroup(org.coppice.mls.credential.Extensions.EMPTY, "alice", "bob");
        Group group = small.group("bob");
        Refusals.refuses(Rule.AEAD_LIMIT, small.actor("bob"), () -> group.encrypt(new byte[1001]));
        Refusals.refuses(
                Rule.AEAD_LIMIT,
                small.actor("bob"),
                () -> group.encrypt(
                        new byte[1], SendOptions.DEFAULT.withAuthenticatedData(Bytes.wrap(new byte[1001]))));
        for (int i = 0; i < 3; i++) {
            group.encrypt(new byte[1]);
        }
        Refusals.refuses(Rule.AEAD_LIMIT, small.actor("bob"), () -> group.encrypt(new byte[1]));
        Group reloaded = small.actor("bob").client().load(group.groupId());
        assertThatThrownBy(() -> reloaded.encrypt(new byte[1])).hasMessageContaining(Rule.AEAD_LIMIT.description());
        small.commit("alice");
        assertThat(group.encrypt(new byte[1])).isNotNull();
    }

    @Test
    @Tag("R-6.3.2-02")
    void onlyAMembersContentIsSealed() throws MlsException {
        FramedContent framed = FramedContent.of(bob.header(), new Sender.External(0), new Content.Application(DATA));
        AuthenticatedContent content = bob.sign(WireFormat.PRIVATE_MESSAGE, framed);
        assertThatThrownBy(() -> bob.privateMessage(content, PaddingPolicy.none()))
                .isInstanceOf(IllegalArgumentException.class);
        AuthenticatedContent ofPublic = bob.sign(WireFormat.PUBLIC_MESSAGE, new Content.Application(DATA));
        assertThatThrownBy(() -> bob.privateMessage(ofPublic, PaddingPolicy.none()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPolicyThatCutsAMessageIsRefused() throws MlsException {
        AuthenticatedContent content = signed();
        assertThatThrownBy(() -> bob.privateMessage(content, length -> length - 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("R-6.3.2-01")
    void senderDataWithSomethingBehindThemAreRefused() throws MlsException {
        Forge forge = new Forge(signed(), 0);
        forge.afterSenderData = new byte[1];
        refuses(Rule.TRAILING_BYTES, forge.seal());
    }

    @Test
    @Tag("R-6.3.2-03")
    @Tag("R-6.3.2-04")
    void senderDataKeysFollowFromTheFirstNhBytesOfTheCiphertext() throws MlsException {
        byte[] ciphertext = new byte[100];
        ciphertext[40] = 1;
        try (SenderDataKeys whole = bob.secrets().senderDataKeys(Bytes.wrap(ciphertext));
                SenderDataKeys first = bob.secrets().senderDataKeys(Bytes.wrap(new byte[32]));
                SenderDataKeys shorter = bob.secrets().senderDataKeys(Bytes.wrap(new byte[31]))) {
            assertThat(whole.key().constantTimeEquals(first.key())).isTrue();
            assertThat(whole.nonce().constantTimeEquals(first.nonce())).isTrue();
            assertThat(shorter.key().constantTimeEquals(first.key())).isFalse();
            assertThat(whole.key().length()).isEqualTo(16);
            assertThat(whole.nonce().length()).isEqualTo(12);
        }
        try (Secret any = Secret.wrap(new byte[32])) {
            assertThat(any.length()).isEqualTo(crypto.hashLength());
        }
    }

    @Test
    @Tag("R-6.3.2-06")
    void senderDataThatNameNoMemberAreRefused() throws MlsException {
        for (long leaf : new long[] {3, 4, 77, 0xffff_ffffL}) {
            Forge forge = new Forge(signed(), 0);
            forge.leaf = new LeafIndex(leaf);
            refuses(Rule.SENDER_DATA_LEAF, forge.seal());
        }
    }

    @Test
    @Tag("R-15.3-04")
    void aGenerationFarAheadIsRefusedAtOnce() throws MlsException {
        for (long generation : new long[] {0xffff_ffffL, 0x7fff_ffffL, 2000}) {
            Forge forge = new Forge(signed(), 0);
            forge.generationInSenderData = generation;
            refuses(Rule.GENERATION_TOO_FAR, forge.seal());
        }
    }

    @Test
    @Tag("R-9.2-08")
    @Tag("R-9.2-09")
    void aForgeryUsesUpNothingAndTheGenuineMessageOpensOnce() throws MlsException {
        MlsMessage message = scene.group("bob").encrypt(DATA.toByteArray());
        PrivateMessage genuine = (PrivateMessage) message.body();
        byte[] changed = genuine.ciphertext().toByteArray();
        changed[changed.length - 1] ^= 1;
        refusesToOpen(new MlsMessage(new PrivateMessage(
                genuine.groupId(),
                genuine.epoch(),
                genuine.contentType(),
                genuine.authenticatedData(),
                genuine.encryptedSenderData(),
                Bytes.wrap(changed))));
        assertThat(read(message).data()).isEqualTo(DATA);
        refuses(Rule.GENERATION_CONSUMED, message);
    }

    @Test
    @Tag("R-2-01")
    void nothingThatIsPrintedHoldsPlaintextOrKeys() throws MlsException {
        MlsMessage message = scene.group("bob").encrypt(DATA.toByteArray());
        Received received = scene.group("alice").receive(Scene.wire(message));
        String printed = received + " " + scene.group("alice") + " "
                + scene.group("alice").state() + " " + bob.secrets() + " " + bob.messageKeys() + " "
                + new Content.Application(DATA);
        assertThat(printed).doesNotContain(DATA.toHex()).doesNotContain("hello");
    }
}
