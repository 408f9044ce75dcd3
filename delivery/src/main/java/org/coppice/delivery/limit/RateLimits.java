package org.coppice.delivery.limit;

/**
 * How often things may be asked. Each node counts by itself, so the sum over all nodes is what a client can reach at most.
 *
 * @param requests by one client, of any kind
 * @param claims key packages claimed by one client (RFC 9420 §16.8)
 * @param claimsOfUser the same, of the devices of one user: nobody runs out because of one client
 * @param groupAppends entries appended to one group by all its members
 * @param logins challenges and login tries of one origin, as the front that serves them tells it; and, counted apart, requests from
 *     there with tokens that stand for nobody
 */
public record RateLimits(Rate requests, Rate claims, Rate claimsOfUser, Rate groupAppends, Rate logins) {
    /**
     * A steady rate with a burst.
     *
     * @param perSecond how many are granted each second in the long run
     * @param burst how many may come at once
     */
    public record Rate(long perSecond, long burst) {
        /** Checks that both are positive. */
        public Rate {
            if (perSecond < 1 || burst < 1) {
                throw new IllegalArgumentException("a rate is at least one, and so is its burst");
            }
        }
    }

    /** 200 requests, 10 claims, 500 appends and 20 logins per second, with bursts of ten times as much; one claim of a user, or 20. */
    public static final RateLimits DEFAULT = new RateLimits(
            new Rate(200, 2000), new Rate(10, 100), new Rate(1, 20), new Rate(500, 5000), new Rate(20, 200));

    /** So much that nothing is ever refused. */
    public static final RateLimits NONE = all(new Rate(1_000_000_000L, 1_000_000_000L));

    /** The same rate for everything. */
    public static RateLimits all(Rate rate) {
        return new RateLimits(rate, rate, rate, rate, rate);
    }
}
