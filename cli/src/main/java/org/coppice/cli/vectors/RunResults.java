package org.coppice.cli.vectors;

import java.util.List;
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
}
