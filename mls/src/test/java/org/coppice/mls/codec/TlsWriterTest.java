package org.coppice.mls.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.UnaryOperator;
import org.coppice.mls.error.DecodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsWriterTest {
    /** The array that a writer writes to. */
    private static byte[] buffer(TlsWriter out) {
        byte[][] found = new byte[1][];
        out.feed((array, offset, length) -> found[0] = array);
        return found[0];
    }

    @Test
    void aWriterOfSecretsThatIsClosedHoldsNothing() {
        byte[] buffer;
        try (SecretWriter out = new SecretWriter()) {
            out.raw(new byte[] {1, 2, 3});
            buffer = buffer(out);
            assertThat(buffer).startsWith(1, 2, 3);
        }
        assertThat(buffer).containsOnly(0);
    }

    @Test
    void aWriterThatGrowsLeavesNothingBehind() {
        TlsWriter out = new TlsWriter(16).raw(new byte[] {1, 2, 3});
        byte[] first = buffer(out);
        out.raw(new byte[14]);
        assertThat(buffer(out)).isNotSameAs(first).startsWith(1, 2, 3);
        assertThat(first).containsOnly(0);
    }

    @Test
    void growsForWhateverIsWrittenNext() {
        Bytes whole = Bytes.fromHex("0102030405060708090a0b0c0d0e0f10");
        for (UnaryOperator<TlsWriter> next : List.<UnaryOperator<TlsWriter>>of(
                out -> out.uint8(0xf1),
                out -> out.uint16(0xf101),
                out -> out.uint32(0xf1010101L),
                out -> out.uint64(0xf101010101010101L),
                out -> out.raw(Bytes.fromHex("f1")))) {
            TlsWriter full = new TlsWriter(whole.length()).raw(whole);
            assertThat(next.apply(full).toBytes().toHex()).startsWith(whole.toHex() + "f1");
        }
    }

    @Test
    void aWriterThatWasFinishedIsEmpty() {
        TlsWriter out = new TlsWriter(16).raw(new byte[16]);
        byte[] finished = out.finish();
        assertThat(out.uint8(1).toByteArray()).containsExactly(1);
        assertThat(finished).hasSize(16).containsOnly(0);

        assertThat(out.finishBytes().toHex()).isEqualTo("01");
        assertThat(out.uint8(2).clear().uint8(3).toByteArray()).containsExactly(3);
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        TlsWriter out = new TlsWriter();
        for (long value : new long[] {-1, 0x100}) {
            assertThatIllegalArgumentException().isThrownBy(() -> out.uint8((int) value));
        }
        for (long value : new long[] {-1, 0x10000}) {
            assertThatIllegalArgumentException().isThrownBy(() -> out.uint16((int) value));
        }
        for (long value : new long[] {-1, 0x1_0000_0000L}) {
            assertThatIllegalArgumentException().isThrownBy(() -> out.uint32(value));
        }
        assertThat(out.size()).isZero();
    }

    @Test
    void whatNoArrayCanHoldIsRefusedBeforeItIsAllocated() {
        TlsWriter out = new TlsWriter().uint8(1);
        assertThatIllegalArgumentException().isThrownBy(() -> out.raw(new byte[0], 0, Integer.MAX_VALUE - 8));
    }

    /** On both sides of each length's limit, announced, closed behind the content, and computed beforehand. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 16383, 16384})
    void theThreeWaysToWriteAVectorAgree(int length) throws DecodeException {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) i;
        }
        Bytes announced = new TlsWriter().vector(content).toBytes();
        TlsWriter out = new TlsWriter().uint8(7);
        int mark = out.open();
        out.raw(content).close(mark);
        assertThat(out.toBytes().slice(1, out.size() - 1)).isEqualTo(announced);
        assertThat(TlsWriter.vectorLength(length)).isEqualTo(announced.length());
        TlsReader in = new TlsReader(announced, DecodeLimits.DEFAULT);
        assertThat(in.vector().length()).isEqualTo(length);
        in.expectEnd();
    }

    @Test
    void theLongestVectorIsOneBelowTwoToTheThirty() {
        assertThat(new TlsWriter().length((1 << 30) - 1).toBytes().toHex()).isEqualTo("bfffffff");
        assertThatIllegalArgumentException().isThrownBy(() -> new TlsWriter().length(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TlsWriter().length(1 << 30));
    }
}
