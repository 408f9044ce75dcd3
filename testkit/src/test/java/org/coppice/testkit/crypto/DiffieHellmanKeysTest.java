package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.crypto.DiffieHellman;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.CryptoException.Reason;
import org.coppice.testkit.crypto.Samples.Implementation;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that every provider refuses (RFC 9180 §7.1.4), and odd ones that every provider takes. */
class DiffieHellmanKeysTest {
    private static final List<Implementation<DiffieHellman>> ALL =
            Samples.implementations(NamedCurve.values(), p -> p::diffieHellman);

    static Stream<Named<DiffieHellman>> curves() {
        return Samples.named(ALL);
    }

    static Stream<Named<DiffieHellman>> montgomeryCurves() {
        return Samples.named(
                ALL.stream().filter(i -> i.value().curve().order().isEmpty()).toList());
    }

    static Stream<Named<DiffieHellman>> weierstrassCurves() {
        return Samples.named(
                ALL.stream().filter(i -> i.value().curve().order().isPresent()).toList());
    }

    @ParameterizedTest
    @MethodSource("curves")
    void refusesKeysOfOtherLengths(DiffieHellman dh) {
        RawKeyPair own = dh.generate();
        int privateLength = dh.curve().privateLength();
        for (int length : new int[] {0, 1, privateLength - 1, privateLength + 1}) {
            byte[] wrong = Arrays.copyOf(own.privateKey(), length);
            assertRefused(Reason.INVALID_PRIVATE_KEY, () -> dh.publicKey(wrong));
            assertRefused(Reason.INVALID_PRIVATE_KEY, () -> dh.agree(wrong, own.publicKey(), own.publicKey()));
        }
        int publicLength = dh.curve().publicLength();
        for (int length : new int[] {0, 1, publicLength - 1, publicLength + 1}) {
            assertBadPeer(dh, own, Arrays.copyOf(own.publicKey(), length));
        }
    }

    @ParameterizedTest
    @MethodSource("montgomeryCurves")
    void refusesPointsOfSmallOrder(DiffieHellman dh) {
        boolean x25519 = dh.curve() == NamedCurve.X25519;
        BigInteger p = x25519
                ? BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19))
                : BigInteger.TWO.pow(448).subtract(BigInteger.TWO.pow(224)).subtract(BigInteger.ONE);
        RawKeyPair own = dh.generate();
        for (BigInteger u :
                List.of(BigInteger.ZERO, BigInteger.ONE, p.subtract(BigInteger.ONE), p, p.add(BigInteger.ONE))) {
            assertBadPeer(dh, own, littleEndian(u, dh.curve().publicLength()));
        }
        if (x25519) {
            // Points of order 8 (https://cr.yp.to/ecdh.html#validate), and zero with the ignored bit set.
            assertBadPeer(dh, own, Samples.hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"));
            assertBadPeer(dh, own, Samples.hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"));
            assertBadPeer(dh, own, littleEndian(BigInteger.ONE.shiftLeft(255), 32));
        }
    }

    /** RFC 7748 §5: a u coordinate need not be reduced, and X25519 ignores its top bit. */
    @ParameterizedTest
    @MethodSource("montgomeryCurves")
    void takesCoordinatesThatAreNotReduced(DiffieHellman dh) throws Exception {
        boolean x25519 = dh.curve() == NamedCurve.X25519;
        BigInteger p = x25519
                ? BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19))
                : BigInteger.TWO.pow(448).subtract(BigInteger.TWO.pow(224)).subtract(BigInteger.ONE);
        int length = dh.curve().publicLength();
        RawKeyPair own = dh.generate();
        byte[] expected = dh.agree(own.privateKey(), own.publicKey(), littleEndian(BigInteger.valueOf(5), length));
        assertThat(dh.agree(own.privateKey(), own.publicKey(), littleEndian(p.add(BigInteger.valueOf(5)), length)))
                .isEqualTo(expected);
        if (x25519) {
            BigInteger withTopBit = BigInteger.valueOf(5).setBit(255);
            assertThat(dh.agree(own.privateKey(), own.publicKey(), littleEndian(withTopBit, length)))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("weierstrassCurves")
    void refusesWhatIsNoUncompressedPointOfTheCurve(DiffieHellman dh) {
        int length = dh.curve().privateLength();
        RawKeyPair own = dh.generate();
        byte[] good = dh.generate().publicKey();
        for (int tag : new int[] {0, 2, 3, 5, 6, 7}) {
            byte[] bad = good.clone();
            bad[0] = (byte) tag;
            assertBadPeer(dh, own, bad);
            // Compressed and hybrid forms, and infinity, in their own lengths.
            assertBadPeer(dh, own, Arrays.copyOf(bad, 1 + length));
        }
        assertBadPeer(dh, own, new byte[1]);
        byte[] offCurve = good.clone();
        offCurve[2 * length] ^= 1;
        assertBadPeer(dh, own, offCurve);
        byte[] zeros = new byte[good.length];
        zeros[0] = 4;
        assertBadPeer(dh, own, zeros);
    }

    /** x + p stands for the same coordinate; two encodings of one key would be two keys. */
    @ParameterizedTest
    @MethodSource("weierstrassCurves")
    void refusesCoordinatesThatAreNotReduced(DiffieHellman dh) throws Exception {
        int length = dh.curve().privateLength();
        byte[] point = Weierstrass.of(dh.curve()).smallPoint();
        RawKeyPair own = dh.generate();
        dh.agree(own.privateKey(), own.publicKey(), point);
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + length));
        byte[] shifted = point.clone();
        byte[] sum = x.add(Weierstrass.of(dh.curve()).p).toByteArray();
        System.arraycopy(sum, Math.max(0, sum.length - length), shifted, 1, length);
        assertBadPeer(dh, own, shifted);
    }

    @ParameterizedTest
    @MethodSource("weierstrassCurves")
    void refusesScalarsOutOfRange(DiffieHellman dh) {
        NamedCurve curve = dh.curve();
        BigInteger order = curve.order().orElseThrow();
        RawKeyPair own = dh.generate();
        for (BigInteger k : List.of(BigInteger.ZERO, order, order.add(BigInteger.ONE))) {
            assertRefused(Reason.INVALID_PRIVATE_KEY, () -> dh.publicKey(scalar(curve, k)));
            assertRefused(
                    Reason.INVALID_PRIVATE_KEY, () -> dh.agree(scalar(curve, k), own.publicKey(), own.publicKey()));
        }
        byte[] all = new byte[curve.privateLength()];
        Arrays.fill(all, (byte) -1);
        assertRefused(Reason.INVALID_PRIVATE_KEY, () -> dh.publicKey(all));
    }

    private static void assertBadPeer(DiffieHellman dh, RawKeyPair own, byte[] peer) {
        assertRefused(Reason.INVALID_PUBLIC_KEY, () -> dh.checkPublicKey(peer));
        assertRefused(Reason.INVALID_PUBLIC_KEY, () -> dh.agree(own.privateKey(), own.publicKey(), peer));
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CryptoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static byte[] scalar(NamedCurve curve, BigInteger k) {
        byte[] signed = k.toByteArray();
        byte[] out = new byte[curve.privateLength()];
        int count = Math.min(signed.length, out.length);
        System.arraycopy(signed, signed.length - count, out, out.length - count, count);
        return out;
    }

    private static byte[] littleEndian(BigInteger value, int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = value.shiftRight(8 * i).byteValue();
        }
        return out;
    }
}
