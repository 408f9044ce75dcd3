package org.coppice.testkit.crypto;

import java.math.BigInteger;
import org.coppice.mls.crypto.NamedCurve;

/** The P-curves in plain numbers, y² = x³ - 3x + b. */
enum Weierstrass {
    P256(
            NamedCurve.P256,
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
    P384(
            NamedCurve.P384,
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"),
    P521(
            NamedCurve.P521,
            BigInteger.TWO.pow(521).subtract(BigInteger.ONE).toString(16),
            "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1"
                    + "56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00");

    final NamedCurve curve;
    final BigInteger p;
    final BigInteger b;

    Weierstrass(NamedCurve curve, String p, String b) {
        this.curve = curve;
        this.p = new BigInteger(p, 16);
        this.b = new BigInteger(b, 16);
    }

    static Weierstrass of(NamedCurve curve) {
        for (Weierstrass candidate : values()) {
            if (candidate.curve == curve) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(curve.label());
    }

    /** An uncompressed point of the curve with the smallest x there is. */
    byte[] smallPoint() {
        for (BigInteger x = BigInteger.ZERO; ; x = x.add(BigInteger.ONE)) {
            BigInteger square =
                    x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(b).mod(p);
            // All three primes are 3 modulo 4.
            BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
            if (y.multiply(y).mod(p).equals(square)) {
                byte[] out = new byte[curve.publicLength()];
                out[0] = 4;
                put(x, out, 1);
                put(y, out, 1 + curve.privateLength());
                return out;
            }
        }
    }

    private void put(BigInteger value, byte[] out, int at) {
        for (int i = 0; i < curve.privateLength(); i++) {
            out[at + curve.privateLength() - 1 - i] = value.shiftRight(8 * i).byteValue();
        }
    }
}
