package org.coppice.testkit.mutate;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.coppice.mls.error.MlsException;

/** Runs what may be refused, and bounds what a refusal may allocate by the length of the message. */
final class Meter {
    /** What any message may cost: signatures, key schedules, and the classes that a first use loads. */
    private static final long BASE_BYTES = 1L << 20;
    /** What each byte of it may cost on top. */
    private static final long BYTES_PER_BYTE = 128;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The most that a refusal cost so far, as bytes allocated and length of the message. */
    private static volatile long[] worst = {0, 0};

    /**
     * Runs a step.
     *
     * @param length of the message in bytes
     * @return the refusal, if there was one
     * @throws AssertionError if something else is thrown, or a refusal allocated too much
     */
    Optional<Outcome> refusal(int length, Recipient.Step step) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            step.run();
            return Optional.empty();
        } catch (MlsException e) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (allocated > worst[0]) {
                worst = new long[] {allocated, length};
            }
            if (allocated > BASE_BYTES + BYTES_PER_BYTE * length) {
                throw new AssertionError(
                        "refusing " + length + " bytes allocated " + allocated + ", by " + e.getMessage(), e);
            }
            return Optional.of(Outcome.of(e));
        } catch (RuntimeException e) {
            throw new AssertionError("no typed refusal", e);
        }
    }

    /** The refusal that allocated most, in words. */
    static String worst() {
        long[] some = worst;
        return "at most " + some[0] + " bytes were allocated to refuse a message, one of " + some[1];
    }
}
