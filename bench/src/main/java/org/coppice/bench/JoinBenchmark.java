package org.coppice.bench;

/** Joining a full tree by Welcome, with all checks. */
public class JoinBenchmark extends LineBenchmark {
    /** For JMH. */
    public JoinBenchmark() {
        super(Line.JOIN);
    }
}
