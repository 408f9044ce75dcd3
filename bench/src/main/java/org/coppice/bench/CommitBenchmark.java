package org.coppice.bench;

/** Making and entering an empty Commit in a full tree. */
public class CommitBenchmark extends LineBenchmark {
    /** For JMH. */
    public CommitBenchmark() {
        super(Line.COMMIT);
    }
}
