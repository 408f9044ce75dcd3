package org.coppice.cli.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.testkit.vectors.VectorResult;
import org.coppice.testkit.vectors.VectorResult.Outcome;

/**
 * What a run found.
 *
 * @param known of the cases of a known kind, in their order
 * @param unknown the others, which count as failed: nothing that they state was seen to hold
 */
record RunResults(List<VectorResult> known, List<UnknownCase> unknown) {
    RunResults {
        known = List.copyOf(known);
        unknown = List.copyOf(unknown);
    }

    /**
     * A case that nobody knows how to verify, among others in a file of vectors.
     *
     * @param source the name of the file
     * @param index its position in the file, from 0
     */
    record UnknownCase(String source, int index) {
        static final String REASON = "of no known kind of vector";
    }

    long count(Outcome outcome) {
        long count =
                known.stream().filter(result -> result.outcome() == outcome).count();
        return outcome == Outcome.FAILED ? count + unknown.size() : count;
    }

    /** How many cases were skipped and why, in one line; empty if none was. */
    Optional<String> skipped() {
        Map<String, Integer> reasons = new LinkedHashMap<>();
        known.stream()
                .filter(result -> result.outcome() == Outcome.SKIPPED)
                .forEach(result -> reasons.merge(result.reason(), 1, Integer::sum));
        if (reasons.isEmpty()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        reasons.forEach((reason, count) -> texts.add(count + " as " + reason));
        return Optional.of(count(Outcome.SKIPPED) + " skipped: " + String.join(", ", texts));
    }
}
