package org.coppice.client.store;

import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * What guessing a passphrase costs: the parameters of Argon2id (RFC 9106 §3.1).
 *
 * @param memoryKib memory in KiB, at least 8 for each lane, at most 4 GiB
 * @param iterations passes over the memory, 1 to 1000
 * @param lanes degree of parallelism, 1 to 255
 */
public record PassphraseCost(int memoryKib, int iterations, int lanes) implements Encodable {
    /** 64 MiB, 3 passes, 4 lanes: the second recommended choice of RFC 9106 §4. */
    public static final PassphraseCost DEFAULT = new PassphraseCost(64 * 1024, 3, 4);

    private static final int MAX_MEMORY = 4 * 1024 * 1024;
    private static final int MAX_ITERATIONS = 1000;

    /** What opening a store may cost without having been asked for: 128 MiB, and four times the work of {@link #DEFAULT}. */
    private static final int UNASKED_MEMORY = 128 * 1024;

    private static final long UNASKED_WORK = 4 * DEFAULT.work();

    /** Checks the bounds. */
    public PassphraseCost {
        if (lanes < 1 || lanes > 255 || iterations < 1 || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException("1 to 255 lanes and 1 to " + MAX_ITERATIONS + " iterations");
        }
        if (memoryKib < 8 * lanes || memoryKib > MAX_MEMORY) {
            throw new IllegalArgumentException("8 KiB for each lane to " + MAX_MEMORY + " KiB");
        }
    }

    /** KiB that are filled, over all passes: what the time is in proportion to. */
    private long work() {
        return (long) memoryKib * iterations;
    }

    /** Whether a store may ask for this of somebody who is ready to pay {@code ready}, or what anybody is. */
    boolean isBearable(PassphraseCost ready) {
        return memoryKib <= Math.max(UNASKED_MEMORY, ready.memoryKib) && work() <= Math.max(UNASKED_WORK, ready.work());
    }

    static PassphraseCost decode(TlsReader in) throws DecodeException {
        long memory = in.uint32();
        return new PassphraseCost((int) Math.min(memory, Integer.MAX_VALUE), in.uint16(), in.uint8());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint32(memoryKib).uint16(iterations).uint8(lanes);
    }
}
