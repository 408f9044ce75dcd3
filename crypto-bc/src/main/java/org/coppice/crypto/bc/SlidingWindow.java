package org.coppice.crypto.bc;

/** Scalars as signed odd digits with runs of zeros between them, so that few additions are left. For public scalars only. */
final class SlidingWindow {
    private SlidingWindow() {}

    /**
     * Digits d[i], zero or odd and of absolute value below 2^(width-1), with the sum of d[i] * 2^i equal to the scalar.
     *
     * @param scalar little-endian, its top bit clear
     */
    static byte[] digits(byte[] scalar, int width) {
        int bits = 8 * scalar.length;
        byte[] out = new byte[bits];
        int half = 1 << width - 1;
        int carry = 0;
        int i = 0;
        while (i < bits) {
            if (bit(scalar, i) == carry) {
                i++;
                continue;
            }
            int window = carry;
            for (int j = 0; j < width && i + j < bits; j++) {
                window += bit(scalar, i + j) << j;
            }
            // Odd, for the lowest bit differs from the carry.
            carry = window > half ? 1 : 0;
            out[i] = (byte) (window - (carry << width));
            i += width;
        }
        // No carry is left: the top bit is clear, so the last window was not above half.
        return out;
    }

    private static int bit(byte[] scalar, int i) {
        return scalar[i >> 3] >> (i & 7) & 1;
    }
}
