package org.coppice.mls.framing;

/**
 * How much a PrivateMessage is padded, so that its length says less about its content (RFC 9420 §15.1). Thread safe.
 */
@FunctionalInterface
public interface PaddingPolicy {
    /**
     * The length to pad to.
     *
     * @param length the length of content and signature in bytes
     * @return at least {@code length}
     */
    int paddedLength(int length);

    /** No padding. */
    static PaddingPolicy none() {
        return length -> length;
    }

    /**
     * Pads to the next multiple of {@code step} bytes.
     *
     * @throws IllegalArgumentException if {@code step} is not positive
     */
    static PaddingPolicy step(int step) {
        if (step <= 0) {
            throw new IllegalArgumentException("the step must be positive");
        }
        return length -> Math.max(
                length, Math.toIntExact(Math.min(Integer.MAX_VALUE - 64L, (length + step - 1L) / step * step)));
    }

    /**
     * Padmé: the length leaks only O(log log n) bits, for at most 12 % of overhead (Nikitin and others, "Reducing metadata
     * leakage from encrypted files and communication with PURBs", 2019).
     */
    static PaddingPolicy padme() {
        return length -> {
            int exponent = 31 - Integer.numberOfLeadingZeros(length);
            int exponentBits = 32 - Integer.numberOfLeadingZeros(exponent);
            int lastBits = exponent - exponentBits;
            if (lastBits <= 0) {
                return length;
            }
            long mask = (1L << lastBits) - 1;
            return (int) Math.min(Integer.MAX_VALUE - 64L, (length + mask) & ~mask);
        };
    }
}
