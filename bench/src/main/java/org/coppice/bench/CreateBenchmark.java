package org.coppice.bench;

/** Creating a group and adding everybody in one Commit. */
public class CreateBenchmark extends LineBenchmark {
    /** For JMH. */
    public CreateBenchmark() {
        super(Line.CREATE);
    }
}
