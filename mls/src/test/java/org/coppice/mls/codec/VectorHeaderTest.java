package org.coppice.mls.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths of vectors and presence octets (RFC 9420 §2.1.1, §2.1.2). */
class VectorHeaderTest {
    private static TlsReader reader(String hex) {
        return new TlsReader(Bytes.fromHex(hex), DecodeLimits.DEFAULT);
    }

    /** Reads only the length, in front of as many zero bytes as it announces. */
    private static int lengthOf(String header, int announced) throws DecodeException {
        byte[] input = new byte[header.length() / 2 + announced];
        Bytes.fromHex(header).copyTo(input, 0);
        return new TlsReader(Bytes.wrap(input), new DecodeLimits(DecodeLimits.MAX_ENCODABLE, 1)).length();
    }

    private static DecodeException refusal(TlsReader in) {
        return catchThrowableOfType(DecodeException.class, in::length);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "37, 25",
        "63, 3f",
        "64, 4040",
        "15293, 7bbd",
        "16383, 7fff",
        "16384, 80004000",
        "494878333, 9d7f3e7d"
    })
    @Tag("R-2.1.2-02")
    @Tag("R-2.1.2-03")
    @Tag("R-2.1.2-06")
    void writesTheShortestLength(int length, String hex) {
        assertThat(new TlsWriter().length(length).toBytes().toHex()).isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource({"0, 00", "37, 25", "63, 3f", "64, 4040", "15293, 7bbd", "16383, 7fff", "16384, 80004000"})
    @Tag("R-2.1.2-01")
    @Tag("R-2.1.2-02")
    @Tag("R-2.1.2-06")
    void readsALengthInBytes(int length, String hex) throws DecodeException {
        assertThat(lengthOf(hex, length)).isEqualTo(length);
    }

    @Test
    @Tag("R-2.1.2-01")
    void countsTheBytesOfAListAndNotItsElements() throws DecodeException {
        TlsWriter out = new TlsWriter();
        List<Encodable> two = List.of(w -> w.uint16(0x0102), w -> w.uint16(0x0304));
        assertThat(out.list(two).toBytes().toHex()).isEqualTo("0401020304");
        assertThat(reader("0401020304").list(TlsReader::uint16)).containsExactly(0x0102, 0x0304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4000", "403f", "80000000", "80003fff", "8000003f"})
    @Tag("R-2.1.2-04")
    void refusesALongerLengthThanNeeded(String hex) {
        DecodeException refusal = refusal(reader(hex));
        assertThat(refusal.rule()).isEqualTo(Rule.NON_MINIMAL_LENGTH);
        assertThat(refusal.offset()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0", "ff", "c000000000000001", "ffffffffffffffff"})
    @Tag("R-2.1.2-05")
    void refusesTheReservedPrefix(String hex) {
        assertThat(refusal(reader(hex)).rule()).isEqualTo(Rule.INVALID_LENGTH_PREFIX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "0500000000", "bfffffff", "bfffffff00", "7fff00"})
    @Tag("R-2.1.2-07")
    void refusesALengthBeyondTheInputBeforeAllocating(String hex) {
        assertThat(refusal(reader(hex)).rule()).isEqualTo(Rule.LENGTH_BEYOND_INPUT);
        assertThatThrownBy(() -> reader(hex).list(TlsReader::uint8)).isInstanceOf(DecodeException.class);
    }

    @Test
    @Tag("R-2.1.2-08")
    @Tag("R-2.1.2-09")
    void saysThatAVectorOrListIsAboveTheLimit() {
        TlsReader vector = new TlsReader(Bytes.fromHex("03010203"), new DecodeLimits(2, 10));
        assertThat(refusal(vector).rule()).isEqualTo(Rule.SIZE_LIMIT);
        TlsReader list = new TlsReader(Bytes.fromHex("03010203"), new DecodeLimits(10, 2));
        assertThat(catchThrowableOfType(DecodeException.class, () -> list.list(TlsReader::uint8))
                        .rule())
                .isEqualTo(Rule.SIZE_LIMIT);
        assertThatThrownBy(() -> new TlsWriter().length(1 << 30)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("R-2.1.1-01")
    void anOptionalValueIsOnePresenceOctetAndTheValue() throws DecodeException {
        Encodable value = w -> w.uint16(0x0a0b);
        assertThat(new TlsWriter()
                        .optional(java.util.Optional.of(value))
                        .toBytes()
                        .toHex())
                .isEqualTo("010a0b");
        assertThat(new TlsWriter()
                        .optional(java.util.Optional.empty())
                        .toBytes()
                        .toHex())
                .isEqualTo("00");
        assertThat(reader("010a0b").optional(TlsReader::uint16)).contains(0x0a0b);
        assertThat(reader("00").optional(TlsReader::uint16)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "ff", "800a"})
    @Tag("R-2.1.1-02")
    void refusesAnyOtherPresenceOctet(String hex) {
        assertThat(catchThrowableOfType(DecodeException.class, () -> reader(hex).present())
                        .rule())
                .isEqualTo(Rule.PRESENCE_OCTET);
    }

    @Test
    @Tag("R-2.1-01")
    void numbersAreBigEndianAndUnsigned() throws DecodeException {
        TlsWriter out = new TlsWriter();
        out.uint8(0xff).uint16(0xfffe).uint32(0xffff_fffdL).uint64(-4);
        assertThat(out.toBytes().toHex()).isEqualTo("fffffefffffffdfffffffffffffffc");
        TlsReader in = reader("fffffefffffffdfffffffffffffffc");
        assertThat(in.uint8()).isEqualTo(0xff);
        assertThat(in.uint16()).isEqualTo(0xfffe);
        assertThat(in.uint32()).isEqualTo(0xffff_fffdL);
        assertThat(Long.toUnsignedString(in.uint64())).isEqualTo("18446744073709551612");
        in.expectEnd();
    }

    @Test
    @Tag("R-2.1-03")
    void refusesAVectorThatCutsAnElement() {
        assertThat(catchThrowableOfType(
                                DecodeException.class, () -> reader("03010203").list(TlsReader::uint16))
                        .rule())
                .isEqualTo(Rule.TRUNCATED);
        Decoder<Integer> one = TlsReader::uint8;
        assertThat(catchThrowableOfType(DecodeException.class, () -> one.decodeAll(new byte[] {1, 2}))
                        .rule())
                .isEqualTo(Rule.TRAILING_BYTES);
    }

    @Test
    void offsetsCountFromTheOutermostInput() {
        DecodeException refusal = catchThrowableOfType(DecodeException.class, () -> {
            TlsReader outer = reader("0504aabb4001");
            outer.sub().sub().list(in -> in.uint16()).size();
        });
        assertThat(refusal.offset()).isPositive();
    }
}
