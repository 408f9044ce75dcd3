package org.coppice.mls.schedule;

/**
 * How far messages may run ahead of the last one, and how many keys are kept for those that were skipped (RFC 9420 §15.3).
 *
 * <p>When a store of skipped keys is full, the oldest keys go, and their messages can no longer be opened.
 *
 * @param maxForward how many generations one message may skip, at least 0
 * @param maxSkippedPerRatchet how many skipped keys are kept for one sender and content type, at least 0
 * @param maxSkippedTotal how many skipped keys are kept for all senders of one epoch together, at least 0
 */
public record RatchetLimits(int maxForward, int maxSkippedPerRatchet, int maxSkippedTotal) {
    /** A message may skip 1024 generations; 1024 keys are kept for a ratchet and 16384 for an epoch, about 4 MiB. */
    public static final RatchetLimits DEFAULT = new RatchetLimits(1024, 1024, 16_384);

    /** Checks that no limit is negative. */
    public RatchetLimits {
        if (maxForward < 0 || maxSkippedPerRatchet < 0 || maxSkippedTotal < 0) {
            throw new IllegalArgumentException("limits must not be negative");
        }
    }
}
