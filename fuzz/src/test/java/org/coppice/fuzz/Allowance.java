package org.coppice.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * A bound on what one input may allocate: a fixed part and a part for each byte of it.
 *
 * @param fixed bytes for any input
 * @param perByte bytes for each byte of the input
 */
public record Allowance(long fixed, long perByte) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What this thread has allocated so far, in bytes. */
    static long spent() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** What all threads that are alive have allocated so far, in bytes. */
    static long spentByAll() {
        long[] each = THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds());
        return Arrays.stream(each).filter(bytes -> bytes > 0).sum();
    }

    /** What an input of this length may have allocated. */
    long of(int length) {
        return fixed + perByte * length;
    }
}
