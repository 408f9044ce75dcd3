package org.coppice.delivery.ca;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the authority works.
 *
 * @param key what it signs with
 * @param oidc the OpenID provider whose tokens enrol clients, if there is one
 * @param operator what shows that somebody is the operator; if it is not given, nobody makes codes or revokes over HTTP but users
 * @param certificateLifetime how long a certificate is valid; clients renew after two thirds of it
 * @param listLifetime from a revocation list to its {@code nextUpdate}; a new one is signed after a quarter of it
 * @param codeLifetime how long a one-time code is valid
 * @param codeAttempts how often a code may be mistyped
 * @param openCodes how many unused codes a user may have that its own devices made
 * @param devices how many devices of a user may have a certificate at once
 */
public record AuthorityConfig(
        IssuerKey key,
        Optional<OidcConfig> oidc,
        Optional<OperatorToken> operator,
        Duration certificateLifetime,
        Duration listLifetime,
        Duration codeLifetime,
        int codeAttempts,
        int openCodes,
        int devices) {
    /** Checks the ranges. */
    public AuthorityConfig {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(oidc, "oidc");
        Objects.requireNonNull(operator, "operator");
        for (Duration duration : new Duration[] {certificateLifetime, listLifetime, codeLifetime}) {
            if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
                throw new IllegalArgumentException("lifetimes are a minute or longer");
            }
        }
        if (Math.min(Math.min(codeAttempts, openCodes), devices) < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    /** Certificates for 90 days, lists for a day, codes for a day with 5 attempts, 8 open codes and 16 devices a user. */
    public static AuthorityConfig of(IssuerKey key) {
        return new AuthorityConfig(
                key,
                Optional.empty(),
                Optional.empty(),
                Duration.ofDays(90),
                Duration.ofDays(1),
                Duration.ofDays(1),
                5,
                8,
                16);
    }

    /** The same with an OpenID provider. */
    public AuthorityConfig withOidc(OidcConfig value) {
        return new AuthorityConfig(
                key,
                Optional.of(value),
                operator,
                certificateLifetime,
                listLifetime,
                codeLifetime,
                codeAttempts,
                openCodes,
                devices);
    }

    /** The same with an operator. */
    public AuthorityConfig withOperator(OperatorToken value) {
        return new AuthorityConfig(
                key,
                oidc,
                Optional.of(value),
                certificateLifetime,
                listLifetime,
                codeLifetime,
                codeAttempts,
                openCodes,
                devices);
    }

    /** The same with certificates and lists of other lifetimes. */
    public AuthorityConfig withLifetimes(Duration certificate, Duration list) {
        return new AuthorityConfig(
                key, oidc, operator, certificate, list, codeLifetime, codeAttempts, openCodes, devices);
    }

    /** The same with other limits on codes and devices. */
    public AuthorityConfig withLimits(Duration lifetimeOfCodes, int attempts, int open, int devicesOfUser) {
        return new AuthorityConfig(
                key, oidc, operator, certificateLifetime, listLifetime, lifetimeOfCodes, attempts, open, devicesOfUser);
    }
}
