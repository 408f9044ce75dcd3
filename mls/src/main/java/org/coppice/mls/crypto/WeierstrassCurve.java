package org.coppice.mls.crypto;

import java.math.BigInteger;

/**
 * One of NIST's prime curves, y² = x³ - 3x + b (SP 800-186 §3.2.1): what is needed to refuse bad keys and signatures before a
 * provider sees them. No arithmetic on secrets.
 */
final class WeierstrassCurve {
    static final WeierstrassCurve SECP256R1 = new WeierstrassCurve(
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    static final WeierstrassCurve SECP384R1 = new WeierstrassCurve(
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");
    static final WeierstrassCurve SECP521R1 = new WeierstrassCurve(
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                    + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1"
                    + "56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
                    + "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");

    private static final BigInteger THREE = BigInteger.valueOf(3);

    private final BigInteger prime;
    private final BigInteger b;
    private final BigInteger order;
    private final byte[] primeBytes;
    private final byte[] orderBytes;

    private WeierstrassCurve(String prime, String b, String order) {
        this.prime = new BigInteger(prime, 16);
        this.b = new BigInteger(b, 16);
        this.order = new BigInteger(order, 16);
        this.primeBytes = BigEndian.bytes(this.prime, prime.length() / 2);
        this.orderBytes = BigEndian.bytes(this.order, order.length() / 2);
    }

    BigInteger order() {
        return order;
    }

    /** Length of a coordinate, and of a scalar, in bytes. */
    int length() {
        return primeBytes.length;
    }

    /** Whether the bytes are a number from 1 to order - 1 in full length. */
    boolean isScalar(byte[] scalar) {
        return scalar.length == length() && isScalar(scalar, 0, scalar.length);
    }

    /** The same for a range of at most the full length. */
    boolean isScalar(byte[] in, int offset, int length) {
        return !BigEndian.isZero(in, offset, length) && BigEndian.isBelow(in, offset, length, orderBytes);
    }

    /** Whether the bytes are 4, x and y with both coordinates below the prime (SEC 1 §2.3.3). */
    boolean isUncompressed(byte[] point) {
        return point.length == 1 + 2 * length()
                && point[0] == 4
                && BigEndian.isBelow(point, 1, length(), primeBytes)
                && BigEndian.isBelow(point, 1 + length(), length(), primeBytes);
    }

    /** Whether an uncompressed point satisfies the equation. The curves have cofactor 1: every such point is in the group. */
    boolean contains(byte[] point) {
        BigInteger x = BigEndian.number(point, 1, length());
        BigInteger y = BigEndian.number(point, 1 + length(), length());
        BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(b);
        return y.multiply(y).subtract(right).mod(prime).signum() == 0;
    }
}
