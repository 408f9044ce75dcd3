package org.coppice.delivery.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.coppice.delivery.api.Samples.Sample;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every structure has one encoding, and every run of bytes is that of one value or refused. */
class EncodingTest {
    private static Stream<Named<Sample>> samples() {
        return Samples.all().entrySet().stream().map(entry -> Named.of(entry.getKey(), entry.getValue()));
    }

    private static <T> T decode(Decoder<T> decoder, byte[] input) throws DecodeException {
        return decoder.decodeAll(Bytes.copyOf(input), MediaTypes.LIMITS);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void comesBackEqual(Sample sample) throws DecodeException {
        assertThat((Object) decode(sample.decoder(), sample.value().encoded())).isEqualTo(sample.value());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void refusesEachShorterInputAndTrailingBytes(Sample sample) {
        byte[] whole = sample.value().encoded();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decode(sample.decoder(), part)).isInstanceOf(DecodeException.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> decode(sample.decoder(), longer))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.TRAILING_BYTES));
    }

    /** Only DecodeException escapes, and what is accepted encodes to the same bytes again. */
    @ParameterizedTest
    @MethodSource("samples")
    void acceptsDamagedBytesOnlyAsTheEncodingOfAValue(Sample sample) {
        long seed = 20261123L;
        Random random = new Random(seed);
        byte[] whole = sample.value().encoded();
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                Encodable value = decode(sample.decoder(), damaged);
                assertThat(value.encoded()).as("seed %d round %d", seed, round).isEqualTo(damaged);
            } catch (DecodeException e) {
                refused++;
                assertThat(e.offset()).isBetween(0, damaged.length);
            }
        }
        if (!(sample.value() instanceof RequestId || sample.value() instanceof VoidedCommit)) {
            assertThat(refused).isPositive();
        }
    }

    @Test
    void refusesAnUnknownVersionOfTheCommitBundle() {
        byte[] bundle = Samples.all().get("smallest commit bundle").value().encoded();
        bundle[0] = 2;
        assertRule(() -> decode(CommitBundle::decode, bundle), Rule.UNKNOWN_DISCRIMINATOR, 0);
    }

    @Test
    void refusesBytesAfterTheCommitInsideItsVector() {
        byte[] commit = Samples.PRIVATE.encoded();
        byte[] bundle = new byte[commit.length + 8];
        bundle[0] = 1;
        bundle[1] = (byte) (commit.length + 1);
        System.arraycopy(commit, 0, bundle, 2, commit.length);
        assertRule(() -> decode(CommitBundle::decode, bundle), Rule.TRAILING_BYTES, 2 + commit.length);
    }

    @Test
    void refusesClosedTagsThatItDoesNotKnow() {
        assertRule(() -> decode(EntryKind::decode, new byte[] {5}), Rule.UNKNOWN_DISCRIMINATOR, 0);
        assertRule(() -> decode(ExternalJoinPolicy::decode, new byte[] {5}), Rule.UNKNOWN_DISCRIMINATOR, 0);
        assertRule(() -> decode(HandshakePolicy::decode, new byte[] {0}), Rule.UNKNOWN_DISCRIMINATOR, 0);
        assertRule(() -> decode(Outcome::decode, new byte[] {0}), Rule.UNKNOWN_DISCRIMINATOR, 0);
        assertRule(() -> decode(ClaimRequest::decode, new byte[] {0}), Rule.UNKNOWN_DISCRIMINATOR, 0);
    }

    @Test
    void refusesSequenceNumbersThatNoLongCanHold() {
        byte[] page = new byte[17];
        page[0] = (byte) 0x80;
        assertRule(() -> decode(LogPage::decode, page), Rule.SIZE_LIMIT, 0);
    }

    @Test
    void refusesListsBeyondTheLimitOfTheReader() {
        byte[] page = Samples.all().get("log page").value().encoded();
        Decoder<LogPage> decoder = LogPage::decode;
        assertThatThrownBy(() -> decoder.decodeAll(Bytes.copyOf(page), new DecodeLimits(1 << 20, 1)))
                .isInstanceOfSatisfying(
                        DecodeException.class, e -> assertThat(e.rule()).isEqualTo(Rule.SIZE_LIMIT));
    }

    @Test
    void refusesMoreUsersInAPolicyThanItMayName() {
        byte[] users = new byte[1 + 4 + 2 * (ExternalJoinPolicy.MAX_USERS + 1)];
        users[0] = 2;
        int length = users.length - 3;
        users[1] = (byte) (0x40 | length - 2 >> 8);
        users[2] = (byte) (length - 2);
        for (int i = 3; i < users.length - 2; i += 2) {
            users[i] = 1;
            users[i + 1] = 'a';
        }
        byte[] exact = Arrays.copyOf(users, users.length - 2);
        assertRule(() -> decode(ExternalJoinPolicy::decode, exact), Rule.SIZE_LIMIT, 1);
    }

    private static void assertRule(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Rule rule, int offset) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DecodeException.class, e -> {
            assertThat(e.rule()).isEqualTo(rule);
            assertThat(e.offset()).isEqualTo(offset);
        });
    }
}
