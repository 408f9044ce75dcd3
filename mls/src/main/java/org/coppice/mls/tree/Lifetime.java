package org.coppice.mls.tree;

import java.time.Duration;
import java.time.Instant;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * When a leaf node that came in a KeyPackage is valid (RFC 9420 §7.2).
 *
 * @param notBefore seconds since 1970-01-01T00:00:00Z, uint64
 * @param notAfter seconds since 1970-01-01T00:00:00Z, uint64
 */
public record Lifetime(long notBefore, long notAfter) implements Encodable {
    /** From {@code margin} before {@code now}, for clocks that run behind, until {@code length} after it. */
    public static Lifetime around(Instant now, Duration margin, Duration length) {
        return new Lifetime(
                Math.max(0, now.minus(margin).getEpochSecond()),
                now.plus(length).getEpochSecond());
    }

    /** Reads {@code Lifetime}. */
    public static Lifetime decode(TlsReader in) throws DecodeException {
        return new Lifetime(in.uint64(), in.uint64());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint64(notBefore).uint64(notAfter);
    }

    /** Whether {@code time} lies inside, bounds included. */
    public boolean includes(Instant time) {
        long seconds = time.getEpochSecond();
        return Long.compareUnsigned(notBefore, seconds) <= 0 && Long.compareUnsigned(seconds, notAfter) <= 0;
    }

    /**
     * Whether the span from start to end is longer than {@code max}, or ends before it starts.
     *
     * @param max {@link LifetimePolicy#ANY_SPAN} for no limit
     */
    public boolean isLongerThan(Duration max) {
        return Long.compareUnsigned(notAfter, notBefore) < 0
                || !max.equals(LifetimePolicy.ANY_SPAN)
                        && Long.compareUnsigned(notAfter - notBefore, max.getSeconds()) > 0;
    }
}
