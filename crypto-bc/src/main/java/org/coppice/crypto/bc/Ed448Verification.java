package org.coppice.crypto.bc;

import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.math.ec.rfc7748.X448Field;
import org.bouncycastle.util.Arrays;

/**
 * Exact verification of Ed448 with an empty context (RFC 8032 §5.2.7, without the cofactor), for the reason given at
 * {@link Ed25519Verification}. All inputs are public, and the time depends on them.
 *
 * <p>Points are in projective coordinates, with the formulas of RFC 8032 §5.2.4.
 */
final class Ed448Verification {
    private static final int SIZE = 57;
    private static final int BASE_WIDTH = 8;
    private static final int KEY_WIDTH = 5;
    private static final int MINUS_D = 39081;
    private static final BigInteger ORDER = BigInteger.ONE
            .shiftLeft(446)
            .subtract(new BigInteger("13818066809895115352007386748515426880336692474882178609894547503885"));
    private static final BigInteger BASE_Y =
            new BigInteger("298819210078481492676017930443930673437544040154080242095928241"
                    + "372331506189835876003536878655418784733982303233503462500531545062832660");
    /** RFC 8032 §2: dom4(0, ""). */
    private static final byte[] DOMAIN = {'S', 'i', 'g', 'E', 'd', '4', '4', '8', 0, 0};

    /** B, 3B, 5B, ... */
    private final Addend[] baseMultiples;

    Ed448Verification() {
        // x of the base point is even: RFC 8032 §5.2.
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
            SHAKEDigest shake = new SHAKEDigest(256);
            shake.update(DOMAIN, 0, DOMAIN.length);
            shake.update(signature, 0, SIZE);
            shake.update(encoded, 0, SIZE);
            shake.update(message, 0, message.length);
            byte[] hash = new byte[2 * SIZE];
            shake.doFinal(hash, 0, hash.length);
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

    /** What is added: x, -x, y and z. */
    private static final class Addend {
        private final int[] x = X448Field.create();
        private final int[] minusX = X448Field.create();
        private final int[] y = X448Field.create();
        private final int[] z = X448Field.create();

        Addend(Point point) {
            X448Field.copy(point.x, 0, x, 0);
            X448Field.negate(x, minusX);
            X448Field.copy(point.y, 0, y, 0);
            X448Field.copy(point.z, 0, z, 0);
        }
    }

    /** x/z and y/z; starts as the neutral element (0, 1). */
    private static final class Point {
        private final int[] x = X448Field.create();
        private final int[] y = X448Field.create();
        private final int[] z = X448Field.create();
        private final int[] a = X448Field.create();
        private final int[] b = X448Field.create();
        private final int[] c = X448Field.create();
        private final int[] d = X448Field.create();
        private final int[] e = X448Field.create();
        private final int[] f = X448Field.create();
        private final int[] g = X448Field.create();
        private final int[] h = X448Field.create();

        Point() {
            X448Field.one(y);
            X448Field.one(z);
        }

        Point(Point other) {
            X448Field.copy(other.x, 0, x, 0);
            X448Field.copy(other.y, 0, y, 0);
            X448Field.copy(other.z, 0, z, 0);
        }

        /** RFC 8032 §5.2.3: x² = (y² - 1) / (dy² - 1). */
        static Point decode(byte[] encoded, boolean negate) {
            boolean odd = encoded[SIZE - 1] < 0;
            Point out = new Point();
            X448Field.decode448(encoded, 0, out.y, 0);
            int[] numerator = X448Field.create();
            int[] denominator = X448Field.create();
            X448Field.sqr(out.y, numerator);
            X448Field.mul(numerator, MINUS_D, denominator);
            X448Field.negate(numerator, numerator);
            X448Field.addOne(numerator);
            X448Field.addOne(denominator);
            if (!X448Field.sqrtRatioVar(numerator, denominator, out.x)) {
                return null;
            }
            X448Field.normalize(out.x);
            if (((out.x[0] & 1) == 1) != (odd ^ negate)) {
                X448Field.negate(out.x, out.x);
                X448Field.normalize(out.x);
            }
            return out;
        }

        void twice() {
            X448Field.add(x, y, b);
            X448Field.sqr(b, b);
            X448Field.sqr(x, c);
            X448Field.sqr(y, d);
            X448Field.add(c, d, e);
            X448Field.carry(e);
            X448Field.sqr(z, h);
            X448Field.add(h, h, h);
            X448Field.carry(h);
            X448Field.sub(e, h, f); // J of the RFC
            X448Field.sub(b, e, b);
            X448Field.sub(c, d, c);
            X448Field.mul(b, f, x);
            X448Field.mul(e, c, y);
            X448Field.mul(e, f, z);
        }

        void add(Addend other, boolean subtract) {
            int[] otherX = subtract ? other.minusX : other.x;
            X448Field.mul(z, other.z, a);
            X448Field.sqr(a, b);
            X448Field.mul(x, otherX, c);
            X448Field.mul(y, other.y, d);
            X448Field.mul(c, d, e);
            X448Field.mul(e, MINUS_D, e);
            X448Field.add(b, e, f);
            X448Field.sub(b, e, g);
            X448Field.add(other.y, otherX, h);
            X448Field.add(y, x, e);
            X448Field.mul(h, e, h);
            X448Field.add(d, c, b);
            X448Field.sub(d, c, e);
            X448Field.carry(b);
            X448Field.sub(h, b, h);
            X448Field.mul(h, a, h);
            X448Field.mul(e, a, e);
            X448Field.mul(f, h, x);
            X448Field.mul(e, g, y);
            X448Field.mul(f, g, z);
        }

        /** Whether the first bytes are the encoding of this point. */
        boolean hasEncoding(byte[] signature) {
            X448Field.invVar(z, a);
            X448Field.mul(x, a, x);
            X448Field.mul(y, a, y);
            X448Field.normalize(x);
            X448Field.normalize(y);
            byte[] encoded = new byte[SIZE];
            X448Field.encode(y, encoded, 0);
            encoded[SIZE - 1] = (byte) ((x[0] & 1) << 7);
            for (int i = 0; i < SIZE; i++) {
                if (encoded[i] != signature[i]) {
                    return false;
                }
            }
            return true;
        }
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
