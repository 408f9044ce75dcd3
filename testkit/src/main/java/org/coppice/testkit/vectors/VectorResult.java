package org.coppice.testkit.vectors;

import java.util.Objects;

/**
 * How a case went.
 *
 * @param vector the case
 * @param outcome how
 * @param reason why it failed or was skipped, in one line; empty if it passed
 */
public record VectorResult(VectorCase vector, Outcome outcome, String reason) {
    /** How a case can go. */
    public enum Outcome {
        /** All that the case states holds. */
        PASSED,
        /** Something does not hold. */
        FAILED,
        /** It could not be tried: the provider lacks the cipher suite. */
        SKIPPED
    }

    /** Checks that nothing is missing. */
    public VectorResult {
        Objects.requireNonNull(vector, "vector");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
    }

    static VectorResult passed(VectorCase vector) {
        return new VectorResult(vector, Outcome.PASSED, "");
    }

    static VectorResult failed(VectorCase vector, String reason) {
        return new VectorResult(vector, Outcome.FAILED, reason);
    }

    static VectorResult skipped(VectorCase vector, String reason) {
        return new VectorResult(vector, Outcome.SKIPPED, reason);
    }
}
