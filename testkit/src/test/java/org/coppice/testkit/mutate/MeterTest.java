package org.coppice.testkit.mutate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final int MUCH = 4 << 20;

    private final Meter meter = new Meter();
    private int runs;
    /** A field, so that no compiler leaves the array out. */
    private byte[] sink;

    private void refuseAfter(boolean allocates) throws ValidationException {
        runs++;
        sink = new byte[allocates ? MUCH : 1];
        throw new ValidationException(Rule.STALE_EPOCH);
    }

    @Test
    void whatTheFirstRefusalOfItsKindLoadsIsNotItsOwn() {
        assertThat(meter.refusal(100, () -> refuseAfter(runs == 0))).contains(new Outcome("STALE_EPOCH", false));
        assertThat(runs).isEqualTo(2);
        assertThat(sink).hasSize(1);
    }

    @Test
    void whatARefusalAllocatesEachTimeIs() {
        assertThatThrownBy(() -> meter.refusal(100, () -> refuseAfter(true)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("refusing 100 bytes allocated");
        assertThat(meter.refusal(MUCH / 100, () -> refuseAfter(true))).isPresent();
    }

    @Test
    void whatIsAcceptedRunsOnce() {
        assertThat(meter.refusal(100, () -> sink = new byte[MUCH + runs++])).isEmpty();
        assertThat(runs).isEqualTo(1);
    }
}
