package org.coppice.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.account.AccountConfig;
import org.coppice.delivery.ca.AuthorityConfig;
import org.coppice.delivery.ca.OperatorToken;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.delivery.limit.SizeLimits;
import org.coppice.delivery.retention.Keeping;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;

/**
 * How a delivery service behaves.
 *
 * @param accounts who is let in
 * @param authority how this service certifies clients, if it does; then it judges X.509 credentials by that authority, and the one in
 *     {@code accounts} is not asked
 * @param operator what shows that somebody is the operator; without one nobody is, but the authority's own
 * @param sizes how large things may be
 * @param rates how often things may be asked
 * @param keeping how long things are kept
 * @param pruneEvery how often this node deletes what need not be kept; zero for never
 * @param ambient time, randomness, and who helps to verify
 */
public record DeliveryConfig(
        AccountConfig accounts,
        Optional<AuthorityConfig> authority,
        Optional<OperatorToken> operator,
        SizeLimits sizes,
        RateLimits rates,
        Keeping keeping,
        Duration pruneEvery,
        Ambient ambient) {
    /** Checks that nothing is missing. */
    public DeliveryConfig {
        Objects.requireNonNull(accounts, "accounts");
        Objects.requireNonNull(authority, "authority");
        Objects.requireNonNull(operator, "operator");
        Objects.requireNonNull(sizes, "sizes");
        Objects.requireNonNull(rates, "rates");
        Objects.requireNonNull(keeping, "keeping");
        Objects.requireNonNull(pruneEvery, "pruneEvery");
        Objects.requireNonNull(ambient, "ambient");
    }

    /**
     * What the service takes from around it.
     *
     * @param clock what time it is
     * @param randomness where random bytes come from
     * @param workers who helps to verify large groups
     */
    public record Ambient(Clock clock, Randomness randomness, Workers workers) {
        /** The system's clock and generator, and no helpers. */
        public static Ambient system() {
            return new Ambient(Clock.systemUTC(), Randomness.system(), Workers.sequential());
        }
    }

    /** The defaults: open registration, default limits, pruning every ten minutes. */
    public static DeliveryConfig of(Set<String> audiences) {
        return new DeliveryConfig(
                AccountConfig.open(audiences),
                Optional.empty(),
                Optional.empty(),
                SizeLimits.DEFAULT,
                RateLimits.DEFAULT,
                Keeping.DEFAULT,
                Duration.ofMinutes(10),
                Ambient.system());
    }

    /** The same with other accounts. */
    public DeliveryConfig withAccounts(AccountConfig value) {
        return new DeliveryConfig(value, authority, operator, sizes, rates, keeping, pruneEvery, ambient);
    }

    /** The same with an authentication service. */
    public DeliveryConfig withAuthority(AuthorityConfig value) {
        return new DeliveryConfig(accounts, Optional.of(value), operator, sizes, rates, keeping, pruneEvery, ambient);
    }

    /** The same with an operator, who may give names back; an authority has its own for what it does. */
    public DeliveryConfig withOperator(OperatorToken value) {
        return new DeliveryConfig(accounts, authority, Optional.of(value), sizes, rates, keeping, pruneEvery, ambient);
    }

    /** The same with other sizes. */
    public DeliveryConfig withSizes(SizeLimits value) {
        return new DeliveryConfig(accounts, authority, operator, value, rates, keeping, pruneEvery, ambient);
    }

    /** The same with other rates. */
    public DeliveryConfig withRates(RateLimits value) {
        return new DeliveryConfig(accounts, authority, operator, sizes, value, keeping, pruneEvery, ambient);
    }

    /** The same with other times of keeping. */
    public DeliveryConfig withKeeping(Keeping value) {
        return new DeliveryConfig(accounts, authority, operator, sizes, rates, value, pruneEvery, ambient);
    }

    /** The same with another rhythm of pruning. */
    public DeliveryConfig withPruneEvery(Duration value) {
        return new DeliveryConfig(accounts, authority, operator, sizes, rates, keeping, value, ambient);
    }

    /** The same with other surroundings. */
    public DeliveryConfig withAmbient(Ambient value) {
        return new DeliveryConfig(accounts, authority, operator, sizes, rates, keeping, pruneEvery, value);
    }
}
