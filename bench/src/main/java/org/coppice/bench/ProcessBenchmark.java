package org.coppice.bench;

/** Processing and entering an empty Commit in a full tree. */
public class ProcessBenchmark extends LineBenchmark {
    /** For JMH. */
    public ProcessBenchmark() {
        super(Line.PROCESS);
    }
}
