package org.coppice.mls.codec;

/** What all registries of 16-bit numbers share (RFC 9420 §13.5, §17). */
public final class CodePoints {
    private CodePoints() {}

    /** Throws {@link IllegalArgumentException} unless {@code value} is from 0 to 65535. */
    public static void checkUint16(int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException(value + " is no uint16");
        }
    }

    /** Whether the number is one of the fifteen that are set apart to keep peers tolerant: 0x0A0A, 0x1A1A, to 0xEAEA. */
    public static boolean isGrease(int value) {
        return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff) && value != 0xfafa;
    }

    /** The GREASE value of index 0 to 14. */
    public static int grease(int index) {
        if (index < 0 || index > 14) {
            throw new IllegalArgumentException("there are fifteen GREASE values");
        }
        return 0x0a0a + 0x1010 * index;
    }
}
