package org.coppice.mls.tree;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Which lifetimes of leaves are accepted (RFC 9420 §7.2, §7.3).
 *
 * @param maxSpan the longest time from start to end that a leaf may claim; longer ones are always refused. {@link #ANY_SPAN}
 *     refuses none
 * @param skew how far clocks may be apart
 * @param outside what happens to a leaf whose lifetime does not include the present time
 */
public record LifetimePolicy(Duration maxSpan, Duration skew, Outside outside) {
    /** What happens to a leaf before or after its lifetime (§7.3 lets a receiver choose). */
    public enum Outside {
        /** It is refused: for leaves that this client is about to send, and fresh key packages. */
        REJECT,
        /** It is accepted: the leaf may have expired on its way, or while it was in the tree. */
        TOLERATE
    }

    /** No limit, also for the peers who write the largest uint64 for "for ever": RFC 9420 leaves the maximum to the application. */
    public static final Duration ANY_SPAN = Duration.ofSeconds(Long.MAX_VALUE);

    /** At most 400 days, with a skew of one hour; a leaf outside its lifetime is tolerated. */
    public static final LifetimePolicy DEFAULT =
            new LifetimePolicy(Duration.ofDays(400), Duration.ofHours(1), Outside.TOLERATE);

    /** Checks that nothing is missing or negative. */
    public LifetimePolicy {
        Objects.requireNonNull(outside, "outside");
        if (maxSpan.isNegative() || skew.isNegative()) {
            throw new IllegalArgumentException("maxSpan and skew must not be negative");
        }
    }

    /** The same with another choice for leaves outside their lifetime. */
    public LifetimePolicy withOutside(Outside choice) {
        return new LifetimePolicy(maxSpan, skew, choice);
    }

    /** Whether {@code time} is inside the lifetime, give or take the skew. */
    boolean includes(Lifetime lifetime, Instant time) {
        return Long.compareUnsigned(lifetime.notBefore(), time.plus(skew).getEpochSecond()) <= 0
                && Long.compareUnsigned(time.minus(skew).getEpochSecond(), lifetime.notAfter()) <= 0;
    }
}
