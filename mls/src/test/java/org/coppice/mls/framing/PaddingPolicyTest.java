package org.coppice.mls.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddingPolicyTest {
    private static final int LONGEST = Integer.MAX_VALUE - 64;

    @ParameterizedTest
    @CsvSource({"1, 0, 0", "1, 7, 7", "16, 0, 0", "16, 1, 16", "16, 16, 16", "16, 17, 32", "100, 901, 1000"})
    void stepsGoUpToTheNextMultiple(int step, int length, int padded) {
        assertThat(PaddingPolicy.step(step).paddedLength(length)).isEqualTo(padded);
    }

    /** By hand from the definition: as many of the last bits are cleared as the length of the exponent leaves free. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "2, 2",
        "3, 3",
        "4, 4",
        "7, 7",
        "8, 8",
        "9, 10",
        "15, 16",
        "16, 16",
        "17, 18",
        "33, 36",
        "100, 104",
        "1000, 1024",
        "10000, 10240",
        "65536, 65536",
        "65537, 67584"
    })
    void padmeLeavesAsManyBitsAsTheExponentHas(int length, int padded) {
        assertThat(PaddingPolicy.padme().paddedLength(length)).isEqualTo(padded);
    }

    @Test
    void noPolicyCutsAMessageOrPadsBeyondWhatAnArrayHolds() {
        for (PaddingPolicy policy :
                new PaddingPolicy[] {PaddingPolicy.none(), PaddingPolicy.step(1 << 30), PaddingPolicy.padme()}) {
            assertThat(policy.paddedLength(LONGEST)).isEqualTo(LONGEST);
        }
        assertThat(PaddingPolicy.step(1000).paddedLength(LONGEST + 1)).isEqualTo(LONGEST + 1);
        assertThat(PaddingPolicy.padme().paddedLength(LONGEST - 1)).isEqualTo(LONGEST);
    }

    @Test
    void aStepIsPositive() {
        for (int step : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> PaddingPolicy.step(step));
        }
    }
}
