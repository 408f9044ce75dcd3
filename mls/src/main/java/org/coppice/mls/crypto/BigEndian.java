package org.coppice.mls.crypto;

import java.math.BigInteger;

/** Unsigned numbers in the order of network bytes. */
final class BigEndian {
    private BigEndian() {}

    /** A number below 2^(8 * length) in exactly {@code length} bytes. */
    static byte[] bytes(BigInteger value, int length) {
        byte[] signed = value.toByteArray();
        byte[] out = new byte[length];
        int count = Math.min(signed.length, length);
        System.arraycopy(signed, signed.length - count, out, length - count, count);
        return out;
    }

    static BigInteger number(byte[] in, int offset, int length) {
        byte[] range = new byte[length];
        System.arraycopy(in, offset, range, 0, length);
        return new BigInteger(1, range);
    }

    static boolean isZero(byte[] in, int offset, int length) {
        int any = 0;
        for (int i = 0; i < length; i++) {
            any |= in[offset + i];
        }
        return any == 0;
    }

    /**
     * Whether a range is below {@code bound}, which is at least as long. No branch depends on the bytes, for the range may be
     * a private key.
     */
    static boolean isBelow(byte[] in, int offset, int length, byte[] bound) {
        int borrow = 0;
        int skip = bound.length - length;
        for (int i = bound.length - 1; i >= 0; i--) {
            int digit = i < skip ? 0 : in[offset + i - skip] & 0xff;
            borrow = (digit - (bound[i] & 0xff) - borrow) >>> 31;
        }
        return borrow == 1;
    }
}
