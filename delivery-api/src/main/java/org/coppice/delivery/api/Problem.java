package org.coppice.delivery.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a service refused (RFC 9457). What is not given for a kind is empty.
 *
 * @param kind which kind of refusal it is; callers branch on this
 * @param detail the same in words, without content of the request
 * @param rule the name of the broken rule: of RFC 9420's, or of the service's own
 * @param epoch the group's present epoch, an unsigned 64-bit number
 * @param head the last entry of the group's log
 * @param retryAfter when to come back
 * @param offset where in the body the offending field begins, in bytes
 */
public record Problem(
        ProblemKind kind,
        String detail,
        Optional<String> rule,
        Optional<Long> epoch,
        Optional<Long> head,
        Optional<Duration> retryAfter,
        Optional<Integer> offset) {
    /** Checks that nothing is missing. */
    public Problem {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(retryAfter, "retryAfter");
        Objects.requireNonNull(offset, "offset");
    }

    /** A problem of which no more is to be said. */
    public static Problem of(ProblemKind kind, String detail) {
        return new Problem(
                kind, detail, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** {@link ProblemKind#STALE_EPOCH} in a group that is at {@code epoch} and {@code head}. */
    public static Problem staleEpoch(long epoch, long head) {
        return new Problem(
                ProblemKind.STALE_EPOCH,
                "the group is in epoch " + Long.toUnsignedString(epoch),
                Optional.empty(),
                Optional.of(epoch),
                Optional.of(head),
                Optional.empty(),
                Optional.empty());
    }

    /** {@link ProblemKind#REFUSED} by {@code rule}. */
    public static Problem refused(String rule, String detail) {
        return new Problem(
                ProblemKind.REFUSED,
                detail,
                Optional.of(Objects.requireNonNull(rule, "rule")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** {@link ProblemKind#MALFORMED} at {@code offset}, by {@code rule}. */
    public static Problem malformed(String rule, int offset, String detail) {
        return new Problem(
                ProblemKind.MALFORMED,
                detail,
                Optional.of(Objects.requireNonNull(rule, "rule")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(offset));
    }

    /** A problem that time heals: {@link ProblemKind#OVER_LIMIT} or {@link ProblemKind#UNAVAILABLE}. */
    public static Problem later(ProblemKind kind, Duration retryAfter, String detail) {
        return new Problem(
                kind,
                detail,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Objects.requireNonNull(retryAfter, "retryAfter")),
                Optional.empty());
    }

    /** This problem as an exception. */
    public DeliveryException asException() {
        return new DeliveryException(this);
    }

    /** Kind, rule and detail. */
    @Override
    public String toString() {
        return kind.wireName() + rule.map(name -> " by " + name).orElse("") + ": " + detail;
    }
}
