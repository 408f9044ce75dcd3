package org.coppice.mls.crypto;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The points of small order on the Montgomery curves: public keys that no secret can come from. */
final class SmallOrder {
    private static final BigInteger P25519 = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger P448 = BigInteger.ONE
            .shiftLeft(448)
            .subtract(BigInteger.ONE.shiftLeft(224))
            .subtract(BigInteger.ONE);

    private static final List<byte[]> X25519 = x25519();
    private static final List<byte[]> X448 = x448();

    private SmallOrder() {}

    /** Whether a u coordinate of X25519 or X448, in any of its encodings, is that of a point of small order. */
    static boolean isMontgomery(NamedCurve curve, byte[] publicKey) {
        byte[] u = publicKey.clone();
        if (curve == NamedCurve.X25519) {
            // RFC 7748 §5: the most significant bit is ignored.
            u[31] &= 0x7f;
        }
        for (byte[] small : curve == NamedCurve.X25519 ? X25519 : X448) {
            if (Arrays.equals(small, u)) {
                return true;
            }
        }
        return false;
    }

    /** Orders 1, 2, 4 and 8 on the curve and its twist: 0, 1, p - 1 and two more, and what wraps around p within 255 bits. */
    private static List<byte[]> x25519() {
        List<byte[]> out = new ArrayList<>();
        for (BigInteger u : List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                new BigInteger("325606250916557431795983626356110631294008115727848805560023387167927233504"),
                new BigInteger("39382357235489614581723060781553021112529911719440698176882885853963445705823"),
                P25519.subtract(BigInteger.ONE),
                P25519,
                P25519.add(BigInteger.ONE))) {
            out.add(littleEndian(u, 32));
        }
        return out;
    }

    /** Orders 1, 2 and 4 on the curve and its twist: 0, 1 and p - 1, and what wraps around p. */
    private static List<byte[]> x448() {
        List<byte[]> out = new ArrayList<>();
        for (BigInteger u : List.of(
                BigInteger.ZERO, BigInteger.ONE, P448.subtract(BigInteger.ONE), P448, P448.add(BigInteger.ONE))) {
            out.add(littleEndian(u, 56));
        }
        return out;
    }

    private static byte[] littleEndian(BigInteger value, int length) {
        byte[] out = BigEndian.bytes(value, length);
        for (int i = 0, j = length - 1; i < j; i++, j--) {
            byte swap = out[i];
            out[i] = out[j];
            out[j] = swap;
        }
        return out;
    }
}
