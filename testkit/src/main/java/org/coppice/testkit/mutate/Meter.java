package org.coppice.testkit.mutate;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.coppice.mls.error.MlsException;

/** Runs what may be refused, and bounds what a refusal may allocate by the length of the message. */
final class Meter {
    /** What any message may cost: signatures, key schedules. */
    private static final long BASE_BYTES = 1L << 20;
    /** What each byte of it may cost on top. */
    private static final long BYTES_PER_BYTE = 128;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The most that a refusal cost so far, as bytes allocated and length of the message. */
    private static volatile long[] worst = {0, 0};

    /** A refusal, and what it allocated. */
    private record Refusal(MlsException cause, long allocated) {}

    /**
     * Runs a step; a second time if the first allocated too much, because the first refusal of its kind pays for the classes that it
     * needs, and a refused message may come again.
     *
     * @param length of the message in bytes
     * @return the refusal, if there was one
     * @throws AssertionError if something else is thrown, or a refusal allocated too much
     */
    Optional<Outcome> refusal(int length, Recipient.Step step) {
        long most = BASE_BYTES + BYTES_PER_BYTE * length;
        Optional<Refusal> refused = run(step);
        if (refused.isPresent() && refused.get().allocated() > most) {
            refused = run(step);
        }
        refused.ifPresent(refusal -> judge(refusal, length, most));
        return refused.map(refusal -> Outcome.of(refusal.cause()));
    }

    private static Optional<Refusal> run(Recipient.Step step) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            step.run();
            return Optional.empty();
        } catch (MlsException e) {
            return Optional.of(new Refusal(e, THREADS.getCurrentThreadAllocatedBytes() - before));
        } catch (RuntimeException e) {
            throw new AssertionError("no typed refusal", e);
        }
    }

    private static void judge(Refusal refusal, int length, long most) {
        if (refusal.allocated() > worst[0]) {
            worst = new long[] {refusal.allocated(), length};
        }
        if (refusal.allocated() > most) {
            throw new AssertionError(
                    "refusing " + length + " bytes allocated " + refusal.allocated() + ", by "
                            + refusal.cause().getMessage(),
                    refusal.cause());
        }
    }

    /** The refusal that allocated most, in words. */
    static String worst() {
        long[] some = worst;
        return "at most " + some[0] + " bytes were allocated to refuse a message, one of " + some[1];
    }
}
