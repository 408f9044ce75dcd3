package org.coppice.mls.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Private keys drawn from a source that first gives bytes which are none. */
class DrawnKeysTest {
    @ParameterizedTest
    @EnumSource
    void bytesOutOfRangeAreDrawnAgain(NamedCurve curve) {
        int[] draws = {0};
        Randomness source = target -> {
            // All zeros, then all ones, then something in range.
            Arrays.fill(target, draws[0] == 0 ? 0 : draws[0] == 1 ? (byte) -1 : 5);
            draws[0]++;
        };
        byte[] key = curve.drawPrivateKey(source);
        assertThat(draws[0]).isEqualTo(curve.order().isPresent() ? 3 : 1);
        assertThatCode(() -> curve.checkPrivateKey(key)).doesNotThrowAnyException();
    }

    /** Otherwise only one draw in 128 would be in range. */
    @ParameterizedTest
    @EnumSource(names = "P521")
    void theTopBitsAreClearedWhereTheFieldIsNotAWholeNumberOfBytes(NamedCurve curve) {
        byte[] key = curve.drawPrivateKey(target -> {
            Arrays.fill(target, (byte) 7);
            target[0] = (byte) 0xfe;
        });
        assertThat(key[0]).isZero();
        assertThat(key[1]).isEqualTo((byte) 7);
    }
}
