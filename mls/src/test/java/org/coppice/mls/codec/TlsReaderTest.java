package org.coppice.mls.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsReaderTest {
    private static TlsReader reader(String hex, DecodeLimits limits) {
        return new TlsReader(Bytes.fromHex(hex), limits);
    }

    private static void assertTruncated(String hex, Decoder<?> decoder) {
        DecodeException refusal =
                catchThrowableOfType(DecodeException.class, () -> decoder.decode(reader(hex, DecodeLimits.DEFAULT)));
        assertThat(refusal.rule()).isEqualTo(Rule.TRUNCATED);
        assertThat(refusal.offset()).as("where it begins").isZero();
    }

    @Test
    void whatIsCutIsRefusedWhereItBegins() {
        assertTruncated("", TlsReader::uint8);
        assertTruncated("01", TlsReader::uint16);
        assertTruncated("010203", TlsReader::uint32);
        assertTruncated("01020304050607", TlsReader::uint64);
        assertTruncated("010203", in -> in.raw(4));
    }

    @Test
    void aPresenceOctetIsRefusedWhereItStands() {
        TlsReader in = reader("0002", DecodeLimits.DEFAULT);
        DecodeException refusal = catchThrowableOfType(DecodeException.class, () -> {
            in.uint8();
            in.present();
        });
        assertThat(refusal.rule()).isEqualTo(Rule.PRESENCE_OCTET);
        assertThat(refusal.offset()).isEqualTo(1);
    }

    @Test
    void whatIsAsLargeAsTheLimitsIsRead() throws DecodeException {
        DecodeLimits limits = new DecodeLimits(2, 2);
        assertThat(reader("020102", limits).vector().toHex()).isEqualTo("0102");
        assertThat(reader("020102", limits).list(TlsReader::uint8)).containsExactly(1, 2);
        assertThat(reader("", limits).limits()).isEqualTo(limits);
    }

    @Test
    void whatWasReadSinceAMarkIsAsItCame() throws DecodeException {
        TlsReader in = reader("0102030405", DecodeLimits.DEFAULT);
        in.uint8();
        int mark = in.mark();
        in.uint16();
        assertThat(in.since(mark).toHex()).isEqualTo("0203");
    }

    @Test
    void limitsAreWhatAVectorCanHave() {
        assertThat(new DecodeLimits(0, 0).maxVectorBytes()).isZero();
        assertThat(new DecodeLimits((1 << 30) - 1, 0).maxVectorBytes()).isEqualTo((1 << 30) - 1);
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(1 << 30, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecodeLimits(0, -1));
    }

    @Test
    void aWholeObjectIsReadFromAnArrayThatMayChangeAfterwards() throws DecodeException {
        Decoder<Bytes> decoder = in -> in.raw(2);
        byte[] array = {1, 2};
        Bytes read = decoder.decodeAll(array);
        array[0] = 9;
        assertThat(read.toHex()).isEqualTo("0102");
    }

    /** RFC 9420 §13.5: 0x0A0A, 0x1A1A, up to 0xEAEA. */
    @Test
    void greaseIsWhatTheRegistryReserves() {
        for (int value = 0; value <= 0xffff; value++) {
            String hex = "%04x".formatted(value);
            assertThat(CodePoints.isGrease(value)).as(hex).isEqualTo(hex.matches("([0-9a-e])a\\1a"));
        }
        for (int i = 0; i <= 14; i++) {
            assertThat("%04x".formatted(CodePoints.grease(i))).isEqualTo("%xa%xa".formatted(i, i));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CodePoints.grease(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> CodePoints.grease(15));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void codePointsHaveSixteenBits(int value) {
        CodePoints.checkUint16(0);
        CodePoints.checkUint16(65535);
        assertThatIllegalArgumentException().isThrownBy(() -> CodePoints.checkUint16(value));
    }
}
