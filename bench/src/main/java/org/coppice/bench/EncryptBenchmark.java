package org.coppice.bench;

/** Encrypting an application message of 1 KiB. */
public class EncryptBenchmark extends LineBenchmark {
    /** For JMH. */
    public EncryptBenchmark() {
        super(Line.ENCRYPT);
    }
}
