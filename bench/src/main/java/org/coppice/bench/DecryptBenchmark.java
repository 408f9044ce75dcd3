package org.coppice.bench;

/** Decrypting an application message of 1 KiB. */
public class DecryptBenchmark extends LineBenchmark {
    /** For JMH. */
    public DecryptBenchmark() {
        super(Line.DECRYPT);
    }
}
