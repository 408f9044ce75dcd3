package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {
    @Test
    void readsShortAndLongLengths() throws Refusal {
        for (int length : new int[] {0, 1, 127, 128, 255, 256, 65_535, 65_536}) {
            Bytes content = Bytes.wrap(new byte[length]);
            TlsWriter out = new TlsWriter().uint8(4);
            if (length < 128) {
                out.uint8(length);
            } else if (length < 256) {
                out.uint8(0x81).uint8(length);
            } else if (length < 65_536) {
                out.uint8(0x82).uint16(length);
            } else {
                out.uint8(0x83).uint8(length >> 16).uint16(length & 0xffff);
            }
            Bytes encoded = out.raw(content).toBytes();

            assertThat(Der.only(Der.OCTET_STRING, encoded)).isEqualTo(content);
            assertThat(new Der(encoded).readWhole(Der.OCTET_STRING)).isEqualTo(encoded);
        }
    }

    /** Wrong tag, nothing, no length, too few bytes, indefinite, longer forms than needed, too large, bytes behind. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0500",
                "",
                "04",
                "0401",
                "048000",
                "0481",
                "040200",
                "04810100",
                "0482000100",
                "0484ffffffff",
                "0485000000000100",
                "048400000001ff",
                "040000",
                "04827fff00",
                "0484800000000000"
            })
    void refusesWhatIsNotDer(String hex) {
        assertThatThrownBy(() -> Der.only(Der.OCTET_STRING, Bytes.fromHex(hex))).isInstanceOf(Refusal.class);
    }

    @Test
    void refusesLengthsThatWouldOverflow() {
        // Read as a 64-bit number, these nine bytes are the 128 that follow.
        Bytes encoded = new TlsWriter()
                .raw(Bytes.fromHex("0489010000000000000080"))
                .raw(new byte[128])
                .toBytes();

        assertThatThrownBy(() -> Der.only(Der.OCTET_STRING, encoded)).isInstanceOf(Refusal.class);
    }

    @Test
    void refusesTagsOfSeveralBytes() {
        assertThatThrownBy(() -> new Der(Bytes.fromHex("1f00")).read(0x1f)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> new Der(Bytes.fromHex("bf00")).read(0xbf)).isInstanceOf(Refusal.class);
    }

    @Test
    void stepsFromElementToElement() throws Refusal {
        Der in = new Der(Bytes.fromHex("020105040100"));

        assertThat(in.tag()).isEqualTo(Der.INTEGER);
        assertThat(in.read(Der.INTEGER)).isEqualTo(Bytes.fromHex("05"));
        assertThat(in.hasNext()).isTrue();
        assertThat(in.read(Der.OCTET_STRING)).isEqualTo(Bytes.fromHex("00"));
        assertThat(in.hasNext()).isFalse();
        assertThat(in.tag()).isEqualTo(-1);
        assertThatThrownBy(() -> in.read(Der.INTEGER)).isInstanceOf(Refusal.class);
    }
}
