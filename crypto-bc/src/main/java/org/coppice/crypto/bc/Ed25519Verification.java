package org.coppice.crypto.bc;

import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.bouncycastle.util.Arrays;

/**
 * Exact verification of Ed25519: SB - hA is computed, and its encoding compared with R (RFC 8032 §5.1.7, without the cofactor).
 *
 * <p>Bouncy Castle's own verification multiplies the equation by the cofactor, and so accepts signatures that native libraries
 * refuse, if their maker adds a point of small order to R or to the key. Members of a group must not disagree. Its field
 * arithmetic is used here. All inputs are public, and the time depends on them.
 *
 * <p>Points are in extended coordinates, with the formulas of Hisil, Wong, Carter and Dawson (2008, §3.1 and §3.3) for a = -1;
 * t = xy/z is kept as the product uv, which a doubling does not need.
 */
final class Ed25519Verification {
    private static final int SIZE = 32;
    private static final int BASE_WIDTH = 8;
    private static final int KEY_WIDTH = 5;
    private static final BigInteger PRIME = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final int[] D = field(BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(PRIME))
            .mod(PRIME));
    private static final int[] HALF = field(BigInteger.ONE.shiftLeft(1).modInverse(PRIME));
    private static final BigInteger BASE_Y = BigInteger.valueOf(4)
            .multiply(BigInteger.valueOf(5).modInverse(PRIME))
            .mod(PRIME);

    /** B, 3B, 5B, ... */
    private final Addend[] baseMultiples;

    Ed25519Verification() {
        Point base = Point.decode(littleEndian(BASE_Y), false);
        if (base == null) {
            throw new AssertionError("the base point is on the curve");
        }
        baseMultiples = oddMultiples(base, 1 << BASE_WIDTH - 2);
    }

    /** A public key prepared for verification. */
    final class Key {
        private final byte[] encoded;
        private final Addend[] negativeMultiples;

        private Key(byte[] encoded, Point negative) {
            this.encoded = encoded;
            this.negativeMultiples = oddMultiples(negative, 1 << KEY_WIDTH - 2);
        }

        /** Lengths, canonical encodings and the range of S are checked before. */
        boolean verify(byte[] message, byte[] signature) {
            byte[] s = Arrays.copyOfRange(signature, SIZE, 2 * SIZE);
            byte[] onBase = SlidingWindow.digits(s, BASE_WIDTH);
            byte[] onKey = SlidingWindow.digits(challenge(signature, message), KEY_WIDTH);
            Point sum = new Point();
            int i = onBase.length - 1;
            while (i >= 0 && onBase[i] == 0 && onKey[i] == 0) {
                i--;
            }
            for (; i >= 0; i--) {
                sum.twice();
                if (onBase[i] != 0) {
                    sum.add(baseMultiples[Math.abs(onBase[i]) >> 1], onBase[i] < 0);
                }
                if (onKey[i] != 0) {
                    sum.add(negativeMultiples[Math.abs(onKey[i]) >> 1], onKey[i] < 0);
                }
            }
            return sum.hasEncoding(signature);
        }

        private byte[] challenge(byte[] signature, byte[] message) {
            SHA512Digest sha512 = new SHA512Digest();
            sha512.update(signature, 0, SIZE);
            sha512.update(encoded, 0, SIZE);
            sha512.update(message, 0, message.length);
            byte[] hash = new byte[64];
            sha512.doFinal(hash, 0);
            return littleEndian(new BigInteger(1, Arrays.reverse(hash)).mod(ORDER));
        }
    }

    /** Prepares a key, or answers {@code null} if it is no point; its form is checked before. */
    Key prepare(byte[] publicKey) {
        Point negative = Point.decode(publicKey, true);
        return negative == null ? null : new Key(publicKey.clone(), negative);
    }

    private static Addend[] oddMultiples(Point point, int count) {
        Point twice = new Point(point);
        twice.twice();
        Addend step = new Addend(twice);
        Point multiple = new Point(point);
        Addend[] out = new Addend[count];
        for (int i = 0; i < count; i++) {
            out[i] = new Addend(multiple);
            multiple.add(step, false);
        }
        return out;
    }

    /** What is added: (y + x) / 2, (y - x) / 2, z and dt. */
    private static final class Addend {
        private final int[] sum = X25519Field.create();
        private final int[] difference = X25519Field.create();
        private final int[] z = X25519Field.create();
        private final int[] dt = X25519Field.create();

        Addend(Point point) {
            X25519Field.apm(point.y, point.x, sum, difference);
            X25519Field.mul(sum, HALF, sum);
            X25519Field.mul(difference, HALF, difference);
            X25519Field.copy(point.z, 0, z, 0);
            X25519Field.mul(point.u, point.v, dt);
            X25519Field.mul(dt, D, dt);
        }
    }

    /** x/z, y/z and uv = xy/z; starts as the neutral element (0, 1). Inputs of products are sums of two reduced ones at most. */
    private static final class Point {
        private final int[] x = X25519Field.create();
        private final int[] y = X25519Field.create();
        private final int[] z = X25519Field.create();
        private final int[] u = X25519Field.create();
        private final int[] v = X25519Field.create();
        private final int[] temporary = X25519Field.create();

        Point() {
            X25519Field.one(y);
            X25519Field.one(z);
            X25519Field.one(v);
        }

        Point(Point other) {
            X25519Field.copy(other.x, 0, x, 0);
            X25519Field.copy(other.y, 0, y, 0);
            X25519Field.copy(other.z, 0, z, 0);
            X25519Field.copy(other.u, 0, u, 0);
            X25519Field.copy(other.v, 0, v, 0);
        }

        /** RFC 8032 §5.1.3: x² = (y² - 1) / (dy² + 1). */
        static Point decode(byte[] encoded, boolean negate) {
            byte[] bytes = encoded.clone();
            boolean odd = bytes[SIZE - 1] < 0;
            bytes[SIZE - 1] &= 0x7f;
            Point out = new Point();
            X25519Field.decode255(bytes, out.y);
            int[] numerator = X25519Field.create();
            int[] denominator = X25519Field.create();
            X25519Field.sqr(out.y, numerator);
            X25519Field.mul(D, numerator, denominator);
            X25519Field.subOne(numerator);
            X25519Field.addOne(denominator);
            if (!X25519Field.sqrtRatioVar(numerator, denominator, out.x)) {
                return null;
            }
            X25519Field.normalize(out.x);
            if (((out.x[0] & 1) == 1) != (odd ^ negate)) {
                X25519Field.negate(out.x, out.x);
                X25519Field.normalize(out.x);
            }
            X25519Field.copy(out.x, 0, out.u, 0);
            X25519Field.copy(out.y, 0, out.v, 0);
            return out;
        }

        void twice() {
            X25519Field.add(x, y, u);
            X25519Field.sqr(x, x);
            X25519Field.sqr(y, y);
            X25519Field.sqr(z, z);
            X25519Field.add(z, z, z);
            X25519Field.apm(x, y, v, y); // v = x² + y², y = x² - y²
            X25519Field.sqr(u, u);
            X25519Field.sub(v, u, u);
            X25519Field.add(z, y, z);
            X25519Field.carry(z);
            X25519Field.mul(z, u, x);
            X25519Field.copy(y, 0, temporary, 0);
            X25519Field.mul(y, v, y);
            X25519Field.mul(z, temporary, z);
        }

        void add(Addend other, boolean subtract) {
            X25519Field.mul(u, v, temporary);
            X25519Field.mul(temporary, other.dt, temporary);
            X25519Field.apm(y, x, v, u);
            X25519Field.mul(u, subtract ? other.sum : other.difference, u);
            X25519Field.mul(v, subtract ? other.difference : other.sum, v);
            X25519Field.apm(v, u, v, u);
            X25519Field.mul(z, other.z, z);
            X25519Field.apm(z, temporary, subtract ? x : y, subtract ? y : x);
            X25519Field.mul(x, y, z);
            X25519Field.mul(x, u, x);
            X25519Field.mul(y, v, y);
        }

        /** Whether the first bytes are the encoding of this point. */
        boolean hasEncoding(byte[] signature) {
            int[] inverse = X25519Field.create();
            X25519Field.invVar(z, inverse);
            X25519Field.mul(x, inverse, x);
            X25519Field.mul(y, inverse, y);
            X25519Field.normalize(x);
            X25519Field.normalize(y);
            byte[] encoded = new byte[SIZE];
            X25519Field.encode(y, encoded);
            encoded[SIZE - 1] |= (byte) ((x[0] & 1) << 7);
            for (int i = 0; i < SIZE; i++) {
                if (encoded[i] != signature[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private static int[] field(BigInteger value) {
        int[] out = X25519Field.create();
        X25519Field.decode255(littleEndian(value), out);
        return out;
    }

    private static byte[] littleEndian(BigInteger value) {
        byte[] out = new byte[SIZE];
        byte[] big = value.toByteArray();
        for (int i = 0; i < Math.min(SIZE, big.length); i++) {
            out[i] = big[big.length - 1 - i];
        }
        return out;
    }
}
