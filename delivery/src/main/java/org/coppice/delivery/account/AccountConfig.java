package org.coppice.delivery.account;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How the service lets clients in.
 *
 * @param registration who may register
 * @param audiences the names by which clients reach the service, {@code scheme://authority}; a login signed for another one is refused
 * @param authority judges X.509 credentials, if the service has an authority
 * @param challengeLifetime how long a challenge can be answered
 * @param tokenLifetime how long a token is valid
 */
public record AccountConfig(
        RegistrationPolicy registration,
        Set<String> audiences,
        Optional<Certification> authority,
        Duration challengeLifetime,
        Duration tokenLifetime) {
    /** Copies the set. */
    public AccountConfig {
        Objects.requireNonNull(registration, "registration");
        audiences = Set.copyOf(audiences);
        Objects.requireNonNull(authority, "authority");
        Objects.requireNonNull(challengeLifetime, "challengeLifetime");
        Objects.requireNonNull(tokenLifetime, "tokenLifetime");
    }

    /** Open registration, basic credentials, two minutes for a challenge, a day for a token. */
    public static AccountConfig open(Set<String> audiences) {
        return new AccountConfig(
                RegistrationPolicy.OPEN, audiences, Optional.empty(), Duration.ofMinutes(2), Duration.ofDays(1));
    }

    /** The same with an authority. */
    public AccountConfig withAuthority(Certification value) {
        return new AccountConfig(registration, audiences, Optional.of(value), challengeLifetime, tokenLifetime);
    }

    /** The same for others to register. */
    public AccountConfig withRegistration(RegistrationPolicy value) {
        return new AccountConfig(value, audiences, authority, challengeLifetime, tokenLifetime);
    }
}
