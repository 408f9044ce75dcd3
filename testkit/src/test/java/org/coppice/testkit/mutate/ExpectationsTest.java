package org.coppice.testkit.mutate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of expected outcomes cannot call a change valid without saying why, nor name what is no rule. */
class ExpectationsTest {
    @Test
    void whatIsValidNeedsAReasonWithItsSection() {
        assertThatThrownBy(() -> Expectations.of(List.of("Remove", "    ZERO : accepted")))
                .hasMessageContaining("valid without a reason");
        assertThatThrownBy(() -> Expectations.of(List.of("Remove", "    ZERO : split REMOVE_TARGET", "    -- why not")))
                .hasMessageContaining("valid without a reason");
        assertThat(Expectations.of(List.of("Remove", "    ZERO : accepted", "    -- §12.1.3: a member"))
                        .unused())
                .hasSize(1);
    }

    @Test
    void aReasonIsForTheLinesOfItsPlaceAlone() {
        assertThatThrownBy(() -> Expectations.of(
                        List.of("Remove", "    ZERO : accepted", "Custom", "    ZERO : accepted", "    -- §12.1")))
                .hasMessageContaining("Remove");
    }

    @Test
    void anOutcomeIsARule() {
        assertThatThrownBy(() -> Expectations.of(List.of("Remove", "    ZERO : REMOVE_TARGETS")))
                .hasMessageContaining("REMOVE_TARGETS");
        assertThatThrownBy(() -> Expectations.of(List.of("Remove", "    ZERO"))).hasMessageContaining("no outcome");
    }

    @Test
    void theFirstLineThatFitsCounts() {
        Expectations list = Expectations.of(List.of(
                "Remove",
                "    [public *]",
                "    ZERO : REMOVE_TARGET",
                "    * : REMOVE_OF_COMMITTER",
                "Commit/**",
                "    * : malformed"));
        Outcome target = new Outcome("REMOVE_TARGET", false);
        Outcome committer = new Outcome("REMOVE_OF_COMMITTER", false);
        assertThat(list.objection("public remove", "Remove", "ZERO", () -> false, target))
                .isEmpty();
        assertThat(list.objection("public remove", "Remove", "ZERO", () -> false, committer))
                .isPresent();
        assertThat(list.objection("private remove", "Remove", "ZERO", () -> false, committer))
                .isEmpty();
        assertThat(list.objection("public remove", "Remove/removed", "ZERO", () -> false, committer))
                .isPresent();
        assertThat(list.objection("any", "Commit/path/value", "EMPTY", () -> false, new Outcome("TRUNCATED", true)))
                .isEmpty();
        assertThat(list.unused()).isEmpty();
    }

    @Test
    void anOutcomeMayDependOnWhetherTheFieldHoldsAKey() {
        Expectations list = Expectations.of(
                List.of("Add", "    ONE_MORE : accepted if key else INVALID_KEY", "    -- §12.1.1: a key"));
        Outcome refused = new Outcome("INVALID_KEY", false);
        assertThat(list.objection("any", "Add", "ONE_MORE", () -> true, Outcome.ACCEPTED))
                .isEmpty();
        assertThat(list.objection("any", "Add", "ONE_MORE", () -> true, refused))
                .isPresent();
        assertThat(list.objection("any", "Add", "ONE_MORE", () -> false, Outcome.ACCEPTED))
                .isPresent();
        assertThat(list.objection("any", "Add", "ONE_MORE", () -> false, refused))
                .isEmpty();
    }
}
