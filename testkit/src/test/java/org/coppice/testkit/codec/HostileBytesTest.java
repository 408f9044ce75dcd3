package org.coppice.testkit.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.SendOptions;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoders are total: whatever the bytes, an object that encodes to them again, or a DecodeException. */
class HostileBytesTest {
    private static final long SEED = Long.getLong("seed", 20260709L);

    /** A genuine object and the decoder that reads it. */
    record Sample(String name, Bytes bytes, Decoder<? extends Encodable> decoder) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Sample> SAMPLES = new ArrayList<>();

    @BeforeAll
    static void samples() throws MlsException {
        System.out.println("HostileBytesTest seed " + SEED);
        Scene scene = Scene.of("alice", "bob", "carol");
        scene.commit("bob");
        KeyPackageBundle dave = scene.client("dave").client().generateLastResortKeyPackage();
        MlsMessage proposal = scene.group("carol").proposeUpdate();
        scene.deliver("carol", proposal);
        StagedCommit commit =
                scene.group("alice").commit().add(dave.keyPackage()).build();
        StagedCommit sealed = scene.group("bob")
                .commit()
                .withoutReceived()
                .remove(scene.group("carol").ownLeaf())
                .wireFormat(WireFormat.PRIVATE_MESSAGE)
                .build();
        message("KeyPackage", dave.message());
        message("PublicMessage with a proposal", proposal);
        message("PublicMessage with a commit", commit.message());
        message("PrivateMessage", sealed.message());
        message("Welcome", commit.welcome().orElseThrow());
        message("GroupInfo", scene.group("alice").groupInfo(true));
        SuiteCrypto crypto = scene.group("alice").crypto();
        SAMPLES.add(new Sample(
                "AuthenticatedContent",
                SuiteCrypto.encode(((PublicMessage) commit.message().body()).authenticated()),
                AuthenticatedContent::decode));
        SAMPLES.add(new Sample("GroupContext", scene.group("alice").state().encodedContext(), GroupContext::decode));
        SAMPLES.add(new Sample("bare KeyPackage", SuiteCrypto.encode(dave.keyPackage()), KeyPackage::decode));
        SAMPLES.add(new Sample("LeafNode", dave.keyPackage().leafNode().encoding(), LeafNode::decode));
        Extensions extensions = Extensions.of(
                new Extension(new ExtensionType(0xf001), Bytes.fromHex("00ff")),
                new RequiredCapabilities(List.of(new ExtensionType(0xf001)), List.of(), List.of()).toExtension());
        SAMPLES.add(new Sample("Extensions", SuiteCrypto.encode(extensions), Extensions::decode));
        RatchetTree tree = scene.group("alice").state().tree();
        Encodable encodedTree = tree::encodeTo;
        SAMPLES.add(new Sample(
                "ratchet_tree", SuiteCrypto.encode(encodedTree), in -> RatchetTree.decode(in, crypto)::encodeTo));
    }

    private static void message(String name, MlsMessage message) {
        SAMPLES.add(new Sample(name, Bytes.wrap(message.encoded()), MlsMessage::decode));
    }

    static Stream<Sample> all() {
        return SAMPLES.stream();
    }

    private static void isTotal(Sample sample, byte[] input) {
        try {
            Encodable value = sample.decoder().decodeAll(Bytes.copyOf(input), DecodeLimits.DEFAULT);
            assertThat(value.encoded()).as("decoding and encoding are inverse").isEqualTo(input);
        } catch (DecodeException e) {
            assertThat(e.rule()).isNotNull();
            assertThat(e.offset()).isBetween(0, input.length);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    @Tag("R-2.1-01")
    void genuineObjectsAreReadAndWrittenAlike(Sample sample) throws DecodeException {
        byte[] input = sample.bytes().toByteArray();
        assertThat(sample.decoder()
                        .decodeAll(sample.bytes(), DecodeLimits.DEFAULT)
                        .encoded())
                .isEqualTo(input);
    }

    @ParameterizedTest
    @MethodSource("all")
    @Tag("R-2.1-03")
    void everyTruncationAndEveryTrailingByteIsRefused(Sample sample) {
        byte[] whole = sample.bytes().toByteArray();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> sample.decoder().decodeAll(Bytes.copyOf(cut), DecodeLimits.DEFAULT))
                    .isInstanceOf(DecodeException.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> sample.decoder().decodeAll(Bytes.copyOf(longer), DecodeLimits.DEFAULT))
                .isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @MethodSource("all")
    void changedBytesGiveAnObjectOrADecodeException(Sample sample) {
        Random random = new Random(SEED);
        byte[] whole = sample.bytes().toByteArray();
        for (int round = 0; round < 3000; round++) {
            byte[] changed = whole.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                changed[random.nextInt(changed.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(4) * 0x40);
            }
            isTotal(sample, changed);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void randomBytesGiveAnObjectOrADecodeException(Sample sample) {
        Random random = new Random(SEED);
        for (int round = 0; round < 2000; round++) {
            byte[] input = new byte[random.nextInt(200)];
            random.nextBytes(input);
            isTotal(sample, input);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void piecesOfOtherObjectsGiveAnObjectOrADecodeException(Sample sample) {
        Random random = new Random(SEED);
        byte[] whole = sample.bytes().toByteArray();
        for (int round = 0; round < 1000; round++) {
            byte[] other = SAMPLES.get(random.nextInt(SAMPLES.size())).bytes().toByteArray();
            int length = 1 + random.nextInt(Math.min(64, Math.min(other.length, whole.length)));
            byte[] changed = whole.clone();
            System.arraycopy(
                    other,
                    random.nextInt(other.length - length + 1),
                    changed,
                    random.nextInt(changed.length - length + 1),
                    length);
            isTotal(sample, changed);
        }
    }

    @Test
    void aMemberRefusesChangedMessagesAndStaysAsItWas() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        var before = scene.actor("bob").snapshot();
        MlsMessage genuine = scene.group("alice").encrypt(new byte[] {1, 2, 3}, SendOptions.DEFAULT);
        Random random = new Random(SEED);
        byte[] whole = genuine.encoded();
        for (int round = 0; round < 300; round++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                scene.group("bob").receive(MlsMessage.decode(changed));
                throw new AssertionError("a changed message was accepted");
            } catch (MlsException e) {
                assertThat(scene.actor("bob").snapshot()).isEqualTo(before);
            }
        }
        assertThat(scene.group("bob").receive(genuine)).isNotNull();
    }
}
