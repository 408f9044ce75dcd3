package org.coppice.testkit.crypto;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.coppice.mls.crypto.SignatureAlgorithm;

/**
 * EdDSA in plain numbers, as RFC 8032 writes it: slow, and made to be compared with. It can do what libraries refuse: points of
 * small and of mixed order, signatures with chosen parts.
 */
enum EdwardsCurve {
    /** -x² + y² = 1 + dx²y², cofactor 8. */
    ED25519(
            SignatureAlgorithm.ED25519,
            BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19)),
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493")),
            -1,
            8,
            32,
            "5866666666666666666666666666666666666666666666666666666666666666"),
    /** x² + y² = 1 + dx²y², cofactor 4. */
    ED448(
            SignatureAlgorithm.ED448,
            BigInteger.TWO.pow(448).subtract(BigInteger.TWO.pow(224)).subtract(BigInteger.ONE),
            BigInteger.TWO
                    .pow(446)
                    .subtract(new BigInteger("13818066809895115352007386748515426880336692474882178609894547503885")),
            1,
            4,
            57,
            "14fa30f25b790898adc8d74e2c13bdfdc4397ce61cffd33ad7c2a0051e9c78874098a36c7373ea4b62c7c9563720768824bcb66e71463f6900");

    final SignatureAlgorithm algorithm;
    final BigInteger p;
    final BigInteger order;
    final BigInteger a;
    final BigInteger d;
    final int cofactor;
    final int length;
    final Point base;
    /** A point whose order is the cofactor; its multiples are all points of small order. */
    final Point torsion;

    final Point zero = new Point(BigInteger.ZERO, BigInteger.ONE);

    EdwardsCurve(
            SignatureAlgorithm algorithm,
            BigInteger p,
            BigInteger order,
            int a,
            int cofactor,
            int length,
            String base) {
        this.algorithm = algorithm;
        this.p = p;
        this.order = order;
        this.a = BigInteger.valueOf(a).mod(p);
        this.d = a < 0
                ? BigInteger.valueOf(-121665)
                        .multiply(BigInteger.valueOf(121666).modInverse(p))
                        .mod(p)
                : BigInteger.valueOf(-39081).mod(p);
        this.cofactor = cofactor;
        this.length = length;
        this.base = decode(Samples.hex(base)).orElseThrow();
        this.torsion = findTorsion();
    }

    record Point(BigInteger x, BigInteger y) {}

    Point add(Point s, Point t) {
        BigInteger dxy = d.multiply(s.x).multiply(t.x).multiply(s.y).multiply(t.y);
        BigInteger x = s.x.multiply(t.y).add(s.y.multiply(t.x)).multiply(inverse(BigInteger.ONE.add(dxy)));
        BigInteger y = s.y.multiply(t.y)
                .subtract(a.multiply(s.x).multiply(t.x))
                .multiply(inverse(BigInteger.ONE.subtract(dxy)));
        return new Point(x.mod(p), y.mod(p));
    }

    private BigInteger inverse(BigInteger value) {
        return value.mod(p).modInverse(p);
    }

    Point multiply(BigInteger k, Point point) {
        BigInteger[] single = {point.x, point.y, BigInteger.ONE};
        BigInteger[] out = {BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE};
        for (int i = k.bitLength() - 1; i >= 0; i--) {
            out = add(out, out);
            if (k.testBit(i)) {
                out = add(out, single);
            }
        }
        BigInteger z = inverse(out[2]);
        return new Point(out[0].multiply(z).mod(p), out[1].multiply(z).mod(p));
    }

    /** The same sum on (xz, yz, z), without inversions. */
    private BigInteger[] add(BigInteger[] s, BigInteger[] t) {
        BigInteger zz = s[2].multiply(t[2]).mod(p);
        BigInteger xx = s[0].multiply(t[0]).mod(p);
        BigInteger yy = s[1].multiply(t[1]).mod(p);
        BigInteger dxy = d.multiply(xx).mod(p).multiply(yy).mod(p);
        BigInteger minus = zz.multiply(zz).subtract(dxy);
        BigInteger plus = zz.multiply(zz).add(dxy);
        BigInteger cross = s[0].add(s[1])
                .multiply(t[0].add(t[1]))
                .subtract(xx)
                .subtract(yy)
                .mod(p);
        return new BigInteger[] {
            zz.multiply(minus).mod(p).multiply(cross).mod(p),
            zz.multiply(plus).mod(p).multiply(yy.subtract(a.multiply(xx))).mod(p),
            minus.multiply(plus).mod(p)
        };
    }

    byte[] encode(Point point) {
        byte[] out = littleEndian(point.y);
        if (point.x.testBit(0)) {
            out[length - 1] |= (byte) 0x80;
        }
        return out;
    }

    byte[] littleEndian(BigInteger value) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = value.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    static BigInteger number(byte[] littleEndian) {
        byte[] big = new byte[littleEndian.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = littleEndian[big.length - 1 - i];
        }
        return new BigInteger(1, big);
    }

    /** RFC 8032 §5.1.3, §5.2.3: empty if it is not canonical, or there is no such point. */
    final Optional<Point> decode(byte[] encoded) {
        byte[] bytes = encoded.clone();
        boolean odd = bytes[length - 1] < 0;
        bytes[length - 1] &= 0x7f;
        BigInteger y = number(bytes);
        if (encoded.length != length || y.compareTo(p) >= 0) {
            return Optional.empty();
        }
        BigInteger y2 = y.multiply(y);
        BigInteger x2 = y2.subtract(BigInteger.ONE)
                .multiply(inverse(d.multiply(y2).subtract(a)))
                .mod(p);
        BigInteger x = root(x2);
        if (!x.multiply(x).mod(p).equals(x2) || x.signum() == 0 && odd) {
            return Optional.empty();
        }
        return Optional.of(new Point(x.testBit(0) == odd ? x : p.subtract(x), y));
    }

    private BigInteger root(BigInteger square) {
        if (p.testBit(1) && p.testBit(0)) {
            return square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
        }
        BigInteger x = square.modPow(p.add(BigInteger.valueOf(3)).shiftRight(3), p);
        if (x.multiply(x).mod(p).equals(square)) {
            return x;
        }
        return x.multiply(BigInteger.TWO.modPow(p.shiftRight(2), p)).mod(p);
    }

    private Point findTorsion() {
        for (int y = 2; ; y++) {
            Optional<Point> point = decode(littleEndian(BigInteger.valueOf(y)));
            if (point.isPresent()) {
                Point out = multiply(order, point.get());
                if (!multiply(BigInteger.valueOf(cofactor / 2), out).equals(zero)) {
                    return out;
                }
            }
        }
    }

    BigInteger challenge(byte[] r, byte[] publicKey, byte[] message) {
        try {
            if (this == ED25519) {
                MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
                sha512.update(r);
                sha512.update(publicKey);
                return number(sha512.digest(message)).mod(order);
            }
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        SHAKEDigest shake = new SHAKEDigest(256);
        // RFC 8032 §2: dom4(0, "")
        byte[] dom = {'S', 'i', 'g', 'E', 'd', '4', '4', '8', 0, 0};
        for (byte[] part : new byte[][] {dom, r, publicKey, message}) {
            shake.update(part, 0, part.length);
        }
        byte[] out = new byte[114];
        shake.doFinal(out, 0, out.length);
        return number(out).mod(order);
    }

    /** A signature with a chosen R, for the discrete logarithms r of (most of) R and s of (most of) A. */
    byte[] sign(BigInteger r, Point pointR, BigInteger s, Point pointA, byte[] message) {
        byte[] encodedR = encode(pointR);
        BigInteger h = challenge(encodedR, encode(pointA), message);
        return signature(encodedR, r.add(h.multiply(s)).mod(order));
    }

    byte[] signature(byte[] encodedR, BigInteger s) {
        byte[] out = Arrays.copyOf(encodedR, 2 * length);
        System.arraycopy(littleEndian(s), 0, out, length, length);
        return out;
    }

    /** The rule in {@link org.coppice.mls.crypto.SignatureScheme#checked}, word for word. */
    boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != length || signature.length != 2 * length) {
            return false;
        }
        byte[] encodedR = Arrays.copyOf(signature, length);
        BigInteger s = number(Arrays.copyOfRange(signature, length, 2 * length));
        Optional<Point> pointA = decode(publicKey);
        Optional<Point> pointR = decode(encodedR);
        if (pointA.isEmpty() || pointR.isEmpty() || s.compareTo(order) >= 0) {
            return false;
        }
        if (isSmallOrder(pointA.get()) || isSmallOrder(pointR.get())) {
            return false;
        }
        BigInteger h = challenge(encodedR, publicKey, message);
        return multiply(s, base).equals(add(pointR.get(), multiply(h, pointA.get())));
    }

    private boolean isSmallOrder(Point point) {
        return multiply(BigInteger.valueOf(cofactor), point).equals(zero);
    }
}
