package org.coppice.mls.codec;

import java.util.List;

/** Looks at the arrays of secrets that a decoder read, so that a test can see whether they were wiped. */
public final class DecodedArrays {
    private DecodedArrays() {}

    /** All of them, in the order in which they were read. */
    public static List<byte[]> of(DecodedSecrets decoded) {
        return decoded.arrays();
    }

    /** Whether nothing is left in an array. */
    public static boolean isWiped(byte[] array) {
        for (byte b : array) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
