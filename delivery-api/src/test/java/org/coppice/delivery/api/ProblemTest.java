package org.coppice.delivery.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The problems on the wire. */
class ProblemTest {
    @Test
    void findsEachKindByItsType() {
        for (ProblemKind kind : ProblemKind.values()) {
            assertThat(ProblemKind.ofType(kind.type())).contains(kind);
        }
        assertThat(ProblemKind.ofType("about:blank")).isEmpty();
        assertThat(ProblemKind.STALE_EPOCH.type()).isEqualTo("urn:coppice:problem:stale-epoch");
    }

    @Test
    void everyKindIsAnError() {
        assertThat(Arrays.stream(ProblemKind.values()).map(ProblemKind::status))
                .allMatch(status -> status >= 400 && status < 600);
    }

    @Test
    void tellsWhereAGroupStandsWhenACommitIsLate() {
        DeliveryException e = Problem.staleEpoch(-1, 12).asException();
        assertThat(e.kind()).isEqualTo(ProblemKind.STALE_EPOCH);
        assertThat(e.problem().epoch()).contains(-1L);
        assertThat(e.problem().head()).contains(12L);
        assertThat(e).hasMessage("stale-epoch: the group is in epoch 18446744073709551615");
    }
}
