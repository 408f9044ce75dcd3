package org.coppice.mls.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
    private static final Bytes ABCD = Bytes.fromHex("0a0b0c0d");

    /** Equal to itself in another place of another array, and to nothing longer, shorter or different. */
    @Test
    void isAValue() {
        Bytes same = Bytes.fromHex("ff0a0b0c0dff").slice(1, 4);
        assertThat(same).isEqualTo(ABCD).hasSameHashCodeAs(ABCD).isEqualByComparingTo(ABCD);
        assertThat(ABCD.hashCode()).isEqualTo(Arrays.hashCode(ABCD.toByteArray()));
        for (String other : List.of("", "0a0b0c", "0a0b0c0d00", "0a0b0c0e", "0b0b0c0d")) {
            assertThat(Bytes.fromHex(other)).isNotEqualTo(ABCD);
            assertThat(ABCD).isNotEqualTo(Bytes.fromHex(other));
        }
        assertThat(ABCD).isEqualTo(ABCD).isNotEqualTo("0a0b0c0d").isNotEqualTo(null);
    }

    @Test
    void isOrderedByUnsignedBytesAndAPrefixComesFirst() {
        List<Bytes> inOrder = List.of(
                Bytes.EMPTY,
                Bytes.fromHex("00"),
                Bytes.fromHex("0000"),
                Bytes.fromHex("007f"),
                Bytes.fromHex("0080"),
                Bytes.fromHex("01"),
                Bytes.fromHex("80ff").slice(0, 1),
                Bytes.fromHex("00ff").slice(1, 1));
        for (int i = 1; i < inOrder.size(); i++) {
            assertThat(inOrder.get(i)).isGreaterThan(inOrder.get(i - 1));
            assertThat(inOrder.get(i - 1)).isLessThan(inOrder.get(i));
        }
    }

    @Test
    void sharesTheArrayOnlyWhereItSaysSo() {
        byte[] array = {1, 2, 3};
        Bytes copy = Bytes.copyOf(array);
        Bytes wrapped = Bytes.wrap(array);
        Bytes slice = wrapped.slice(1, 2);
        Bytes compact = slice.compact();
        array[1] = 9;
        assertThat(copy.toHex()).isEqualTo("010203");
        assertThat(wrapped.toHex()).isEqualTo("010903");
        assertThat(slice.toHex()).isEqualTo("0903");
        assertThat(compact.toHex()).isEqualTo("0203");
        wrapped.toByteArray()[0] = 9;
        assertThat(wrapped.at(0)).isEqualTo((byte) 1);
    }

    @Test
    void showsNothingAroundASlice() {
        Bytes slice = ABCD.slice(1, 2);
        assertThat(slice.at(1)).isEqualTo((byte) 0x0c);
        assertThatThrownBy(() -> slice.at(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.slice(1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.slice(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(slice.slice(2, 0).isEmpty()).isTrue();
        assertThat(slice.isEmpty()).isFalse();
        TlsWriter out = new TlsWriter();
        slice.feed(out::raw);
        assertThat(out.toBytes()).isEqualTo(slice);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "012", "0g", "g0", "0x"})
    void refusesWhatIsNotHexadecimal(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes.fromHex(text));
    }

    @Test
    void printsTheFirstSixteenBytes() {
        assertThat(ABCD).hasToString("0a0b0c0d");
        assertThat(Bytes.wrap(new byte[16])).hasToString("00".repeat(16));
        assertThat(Bytes.wrap(new byte[17])).hasToString("00".repeat(16) + ".. (17 bytes)");
    }
}
