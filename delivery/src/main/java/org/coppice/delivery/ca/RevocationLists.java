package org.coppice.delivery.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509CRL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.engine.Engine;
import org.coppice.mls.codec.Bytes;

/**
 * The list of revoked certificates (RFC 5280 §5): signed when somebody asks and the last one lacks a revocation or is old, numbered in
 * one row over all nodes. Thread safe.
 */
final class RevocationLists {
    /** A list names a certificate for so long after its end: RFC 5280 §3.3 wants it on at least one list after that. */
    private static final Duration KEPT = Duration.ofDays(31);

    /** How often other nodes may be faster with a number. */
    private static final int ATTEMPTS = 10;

    private final Engine engine;
    private final CertificateMaker maker;
    private final Clock clock;
    private final Duration lifetime;
    private final Bytes issuer;
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(-1, Set.of()));

    /** Who is revoked, as of a count of revocations. */
    private record Known(long revocations, Set<BigInteger> serials) {}

    RevocationLists(Engine engine, CertificateMaker maker, IssuerKey key, Clock clock, Duration lifetime) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.maker = Objects.requireNonNull(maker, "maker");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.lifetime = Objects.requireNonNull(lifetime, "lifetime");
        try {
            issuer = Bytes.wrap(MessageDigest.getInstance("SHA-256")
                    .digest(key.certificate().getPublicKey().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** What a new list is made of. */
    private record Material(long lastNumber, long revocations, List<CertificateMaker.Revoked> revoked) {}

    /** The present list in DER: it holds every revocation that was confirmed before the call, and is in its first quarter. */
    Bytes current() throws DeliveryException, IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            Optional<Bytes> good = engine.read(tx -> {
                long revocations = CertificateTable.revocations(tx);
                return CertificateTable.latestList(tx, issuer)
                        .filter(list -> list.revocations() == revocations && isFresh(list, now))
                        .map(CertificateTable.SignedList::der);
            });
            if (good.isPresent()) {
                return good.get();
            }
            Optional<Bytes> made = make(now);
            if (made.isPresent()) {
                return made.get();
            }
        }
        throw Problem.later(
                        ProblemKind.UNAVAILABLE, Duration.ofSeconds(1), "the revocation list is being made elsewhere")
                .asException();
    }

    private boolean isFresh(CertificateTable.SignedList list, Instant now) {
        return now.toEpochMilli() - list.thisUpdate() < lifetime.toMillis() / 4
                && list.thisUpdate() <= now.toEpochMilli();
    }

    /** Signs outside of any transaction; empty if somebody else took the number meanwhile. */
    private Optional<Bytes> make(Instant now) throws DeliveryException, IOException {
        Material material = engine.read(tx -> new Material(
                CertificateTable.lastNumber(tx),
                CertificateTable.revocations(tx),
                CertificateTable.revoked(tx, now.minus(KEPT).toEpochMilli())));
        long number = material.lastNumber() + 1;
        X509CRL list = maker.revocationList(number, now, now.plus(lifetime), material.revoked());
        Bytes der;
        try {
            der = Bytes.wrap(list.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a list that was just made cannot be encoded", e);
        }
        CertificateTable.SignedList signed =
                new CertificateTable.SignedList(number, material.revocations(), now.toEpochMilli(), der);
        return engine.write(tx -> CertificateTable.addList(tx, issuer, signed)) ? Optional.of(der) : Optional.empty();
    }

    /** Learns of all that was revoked before the call. */
    void learn() throws DeliveryException, IOException {
        Known before = known.get();
        Known now = engine.read(tx -> {
            long revocations = CertificateTable.revocations(tx);
            return revocations == before.revocations()
                    ? before
                    : new Known(
                            revocations,
                            CertificateTable.revoked(tx, clock.millis()).stream()
                                    .map(CertificateMaker.Revoked::serial)
                                    .collect(Collectors.toUnmodifiableSet()));
        });
        // Another thread may have looked later and be done sooner: what it has learnt stays.
        known.accumulateAndGet(now, (held, seen) -> seen.revocations() > held.revocations() ? seen : held);
    }

    /** Whether the certificate of this number is revoked, as of the last {@link #learn} or later; an expired one may be forgotten. */
    boolean isRevoked(BigInteger serial) {
        return known.get().serials().contains(serial);
    }
}
