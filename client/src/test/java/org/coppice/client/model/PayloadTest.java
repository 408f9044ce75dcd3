package org.coppice.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.DecodeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PayloadTest {
    private static final MessageId ID = new MessageId(Bytes.fromHex("000102030405060708090a0b0c0d0e0f"));

    @Test
    @Tag("A-6.9-01")
    void theEncodingIsTheDocumentedOne() throws DecodeException {
        Payload payload = new Payload(
                ID, 258, "a/b", Bytes.fromHex("ff"), List.of(new Payload.Field(0xf000, Bytes.fromHex("0102"))));
        Bytes encoded = Bytes.wrap(payload.encoded());
        assertThat(encoded.toHex())
                .isEqualTo("01" + "000102030405060708090a0b0c0d0e0f" + "0000000000000102" + "03612f62" + "01ff" + "05"
                        + "f000020102");
        assertThat(Payload.decode(encoded)).isEqualTo(payload);
    }

    @Test
    void textsComeBack() throws DecodeException {
        Payload payload = Payload.text(MessageId.random(Randomness.system()), 7, "grüß dich ✓");
        Payload read = Payload.decode(Bytes.wrap(payload.encoded()));
        assertThat(read.text()).hasValue("grüß dich ✓");
        assertThat(new Payload(ID, 0, "image/png", Bytes.EMPTY, List.of()).text())
                .isEmpty();
        assertThat(new Payload(ID, 0, Payload.TEXT, Bytes.fromHex("c3"), List.of()).text())
                .isEmpty();
    }

    @Test
    @Tag("A-6.9-01")
    void refusesOtherVersionsTruncationsAndTrailingBytes() {
        byte[] encoded = Payload.text(ID, 7, "text").encoded();
        for (int length = 0; length < encoded.length; length++) {
            Bytes part = Bytes.copyOf(java.util.Arrays.copyOf(encoded, length));
            assertThatThrownBy(() -> Payload.decode(part)).isInstanceOf(DecodeException.class);
        }
        assertThatThrownBy(() -> Payload.decode(Bytes.copyOf(java.util.Arrays.copyOf(encoded, encoded.length + 1))))
                .isInstanceOf(DecodeException.class);
        encoded[0] = 2;
        assertThatThrownBy(() -> Payload.decode(Bytes.copyOf(encoded))).isInstanceOf(DecodeException.class);
    }

    @Test
    void refusesAnEmptyContentTypeAndAFieldTwice() {
        assertThatThrownBy(() -> new Payload(ID, 0, "", Bytes.EMPTY, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        Payload.Field field = new Payload.Field(1, Bytes.EMPTY);
        assertThatThrownBy(() -> new Payload(ID, 0, "a/b", Bytes.EMPTY, List.of(field, field)))
                .isInstanceOf(IllegalArgumentException.class);
        Bytes twice = Bytes.fromHex("01" + "000102030405060708090a0b0c0d0e0f" + "0000000000000102" + "03612f62" + "00"
                + "06" + "000100000100");
        assertThatThrownBy(() -> Payload.decode(twice)).isInstanceOf(DecodeException.class);
    }

    @Test
    void printsNoContent() {
        assertThat(Payload.text(ID, 7, "a secret").toString()).doesNotContain("secret");
        assertThat(new Payload.Field(0xf000, Bytes.fromHex("c0ffee")).toString())
                .isEqualTo("Field[0xf000, 3 bytes]");
    }
}
