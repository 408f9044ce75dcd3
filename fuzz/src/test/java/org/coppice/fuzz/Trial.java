package org.coppice.fuzz;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;

/** Runs a target within its bounds. */
final class Trial {
    /** Many times what the dearest input takes, with Jazzer's instruments in the code; of a processor's time. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Target target;
    private final Duration patience;

    /** @param patience how long an input may keep a processor busy; what else runs on the machine does not count */
    Trial(Target target, Duration patience) {
        this.target = target;
        this.patience = patience;
    }

    /** Tries one input; throws whatever must not be. */
    Target.Outcome run(byte[] input) throws Exception {
        Cost cost = new Cost();
        Target.Outcome out = once(input);
        if (cost.excess(input.length) != null) {
            // The first input of its kind pays for the classes that it is the first to need.
            Cost again = new Cost();
            once(input);
            String excess = again.excess(input.length);
            if (excess != null) {
                throw new Escape(excess);
            }
        }
        return out;
    }

    private Target.Outcome once(byte[] input) throws Exception {
        byte[] given = input.clone();
        Target.Outcome out = target.run(given);
        if (!Arrays.equals(given, input)) {
            throw new Escape("the input was changed");
        }
        return out;
    }

    private long bytes() {
        return target.isThreaded() ? Allowance.spentByAll() : Allowance.spent();
    }

    private long nanos() {
        return target.isThreaded() ? PROCESS.getProcessCpuTime() : THREADS.getCurrentThreadCpuTime();
    }

    /** What this thread, or all if the target has several, have spent since then. */
    private final class Cost {
        private final long bytes = bytes();
        private final long nanos = nanos();

        /** What was too much; null if nothing was. */
        String excess(int length) {
            long moreNanos = nanos() - nanos;
            long moreBytes = bytes() - bytes;
            if (moreNanos > patience.toNanos()) {
                return length + " bytes kept a processor busy for " + Duration.ofNanos(moreNanos);
            }
            long most = target.allowance().of(length);
            return moreBytes > most ? length + " bytes had " + moreBytes + " bytes allocated, more than " + most : null;
        }
    }
}
