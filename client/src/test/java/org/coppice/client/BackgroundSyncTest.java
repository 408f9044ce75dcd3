package org.coppice.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.coppice.mls.crypto.Randomness;
import org.junit.jupiter.api.Test;

class BackgroundSyncTest {
    /** All whose node has ended came back in the same moment, to the node that was left. */
    @Test
    void thoseWhoLoseTheirStreamsAtOnceComeBackOneAfterTheOther() {
        long[] pauses = LongStream.generate(() -> BackgroundSync.part(Randomness.system(), 2000))
                .limit(10_000)
                .toArray();
        assertThat(LongStream.of(pauses)).allMatch(pause -> pause >= 0 && pause < 2000);
        for (int slot = 0; slot < 20; slot++) {
            long from = slot * 100L;
            // 500 are to be expected, and fewer than 300 by chance once in 10^18 times.
            assertThat(LongStream.of(pauses).filter(pause -> pause >= from && pause < from + 100))
                    .hasSizeGreaterThan(300);
        }
    }
}
