package org.coppice.mls.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * EdDSA: canonical encodings of points that are not of small order, and S below the order (RFC 8032 §5.1.7, §5.2.7).
 *
 * <p>A point is encoded as y, little-endian, with the lowest bit of x in the top bit. The points of small order are told by y
 * alone; among them are the only two with x = 0, so that "x = 0 with its bit set", the other encoding that is not canonical, is
 * refused with them.
 */
final class EdwardsForm implements SignatureForm {
    /** -x² + y² = 1 + dx²y². */
    static final SignatureForm ED25519 = ed25519();
    /** x² + y² = 1 + dx²y². */
    static final SignatureForm ED448 = ed448();

    private final int length;
    private final BigInteger prime;
    private final BigInteger a;
    private final BigInteger d;
    private final byte[] primeBytes;
    private final byte[] orderBytes;
    private final byte[][] smallOrder;

    private EdwardsForm(int length, BigInteger prime, BigInteger order, int a, BigInteger d, BigInteger... smallOrder) {
        this.length = length;
        this.prime = prime;
        this.a = BigInteger.valueOf(a);
        this.d = d;
        this.primeBytes = BigEndian.bytes(prime, length);
        this.orderBytes = BigEndian.bytes(order, length);
        this.smallOrder = Stream.of(smallOrder)
                .map(y -> BigEndian.bytes(y.mod(prime), length))
                .toArray(byte[][]::new);
    }

    private static EdwardsForm ed25519() {
        BigInteger prime = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
        BigInteger order = BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
        BigInteger d = new BigInteger("37095705934669439343138083508754565189542113879843219016388785533085940283555");
        // y of the points of order 8, besides its negative.
        BigInteger order8 =
                new BigInteger("2707385501144840649318225287225658788936804267575313519463743609750303402022");
        return new EdwardsForm(
                32,
                prime,
                order,
                -1,
                d,
                BigInteger.ONE,
                BigInteger.ONE.negate(),
                BigInteger.ZERO,
                order8,
                order8.negate());
    }

    private static EdwardsForm ed448() {
        BigInteger one = BigInteger.ONE;
        BigInteger prime = one.shiftLeft(448).subtract(one.shiftLeft(224)).subtract(one);
        BigInteger order = one.shiftLeft(446)
                .subtract(new BigInteger("13818066809895115352007386748515426880336692474882178609894547503885"));
        return new EdwardsForm(57, prime, order, 1, BigInteger.valueOf(-39081), one, one.negate(), BigInteger.ZERO);
    }

    @Override
    public boolean isPublicKey(byte[] publicKey) {
        return publicKey.length == length && isGoodEncoding(publicKey);
    }

    @Override
    public boolean isSignature(byte[] signature) {
        return signature.length == 2 * length
                && BigEndian.isBelow(bigEndian(signature, length), 0, length, orderBytes)
                && isGoodEncoding(signature);
    }

    /** Whether the first half or whole of {@code in} is canonical and not of small order. */
    private boolean isGoodEncoding(byte[] in) {
        byte[] y = bigEndian(in, 0);
        y[0] &= 0x7f;
        if (!BigEndian.isBelow(y, 0, length, primeBytes)) {
            return false;
        }
        for (byte[] small : smallOrder) {
            if (Arrays.equals(small, y)) {
                return false;
            }
        }
        return true;
    }

    /** Whether x exists: x² = (y² - 1) / (dy² - a) has to be a square. */
    @Override
    public boolean isPoint(byte[] publicKey) {
        byte[] bytes = bigEndian(publicKey, 0);
        bytes[0] &= 0x7f;
        BigInteger y2 = new BigInteger(1, bytes).pow(2);
        // A product is a square exactly when the quotient is. Neither factor is 0: that would be y = ±1,
        // of small order, and dy² = a has no solution on these curves.
        BigInteger product = y2.subtract(BigInteger.ONE).multiply(d.multiply(y2).subtract(a));
        BigInteger euler = product.modPow(prime.shiftRight(1), prime);
        return euler.equals(BigInteger.ONE);
    }

    private byte[] bigEndian(byte[] in, int offset) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = in[offset + length - 1 - i];
        }
        return out;
    }
}
