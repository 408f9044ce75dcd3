package org.coppice.mls.codec;

/**
 * What a decoder accepts at most. Memory stays proportional to the input in any case; these caps bound the input itself.
 *
 * @param maxVectorBytes the longest vector, in bytes, from 0 to 2^30 - 1
 * @param maxListEntries the most elements that one list may have
 */
public record DecodeLimits(int maxVectorBytes, int maxListEntries) {
    /** The longest vector that can be encoded at all, in bytes (RFC 9420 §2.1.2). */
    public static final int MAX_ENCODABLE = (1 << 30) - 1;

    /** 256 MiB in a vector (a ratchet tree of several hundred thousand members), 2^21 entries in a list. */
    public static final DecodeLimits DEFAULT = new DecodeLimits(1 << 28, 1 << 21);

    /** Checks the ranges. */
    public DecodeLimits {
        if (maxVectorBytes < 0 || maxVectorBytes > MAX_ENCODABLE || maxListEntries < 0) {
            throw new IllegalArgumentException("limits must not be negative, and a vector has at most 2^30 - 1 bytes");
        }
    }
}
