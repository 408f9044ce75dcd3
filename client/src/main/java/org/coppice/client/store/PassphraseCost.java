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

    /** Checks the bounds, so that a store made by somebody else cannot exhaust the memory of whoever opens it. */
    public PassphraseCost {
        if (lanes < 1 || lanes > 255 || iterations < 1 || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException("1 to 255 lanes and 1 to " + MAX_ITERATIONS + " iterations");
        }
        if (memoryKib < 8 * lanes || memoryKib > MAX_MEMORY) {
            throw new IllegalArgumentException("8 KiB for each lane to " + MAX_MEMORY + " KiB");
        }
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
