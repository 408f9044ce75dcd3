package org.coppice.delivery.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;

/**
 * Counts what each of many asks for, with a token bucket for each. The buckets of those who were quiet longest are forgotten when there
 * are too many, which only ever grants too much. Thread safe.
 *
 * @param <K> who is counted
 */
public final class RateLimiter<K> {
    private static final int MAX_BUCKETS = 100_000;

    private final RateLimits.Rate rate;
    private final String what;
    private final Map<K, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Bucket> eldest) {
            return size() > MAX_BUCKETS;
        }
    };

    /**
     * @param rate what each may ask for
     * @param what what is counted, in words for the refusal
     */
    public RateLimiter(RateLimits.Rate rate, String what) {
        this.rate = rate;
        this.what = what;
    }

    /**
     * Counts {@code amount} for {@code who}.
     *
     * @throws DeliveryException {@link ProblemKind#OVER_LIMIT} if that is too much now
     */
    public void take(K who, long amount) throws DeliveryException {
        Bucket bucket;
        synchronized (buckets) {
            bucket = buckets.computeIfAbsent(who, key -> newBucket());
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(Math.min(amount, rate.burst()));
        if (!probe.isConsumed()) {
            throw overLimit(probe.getNanosToWaitForRefill());
        }
    }

    /** Takes back that {@code amount} was counted for {@code who}. */
    public void giveBack(K who, long amount) {
        Bucket bucket;
        synchronized (buckets) {
            bucket = buckets.get(who);
        }
        if (bucket != null) {
            bucket.addTokens(Math.min(amount, rate.burst()));
        }
    }

    /**
     * Counts nothing, and returns if {@code who} could ask for one more.
     *
     * @throws DeliveryException {@link ProblemKind#OVER_LIMIT} if not
     */
    public void requireRoom(K who) throws DeliveryException {
        Bucket bucket;
        synchronized (buckets) {
            bucket = buckets.get(who);
        }
        if (bucket != null) {
            EstimationProbe probe = bucket.estimateAbilityToConsume(1);
            if (!probe.canBeConsumed()) {
                throw overLimit(probe.getNanosToWaitForRefill());
            }
        }
    }

    private DeliveryException overLimit(long nanosToWait) {
        return Problem.later(ProblemKind.OVER_LIMIT, Duration.ofNanos(Math.max(1, nanosToWait)), "too many " + what)
                .asException();
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(rate.burst())
                        .refillGreedy(rate.perSecond(), Duration.ofSeconds(1))
                        .build())
                .build();
    }
}
