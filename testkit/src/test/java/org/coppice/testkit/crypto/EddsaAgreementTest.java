package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;
import org.coppice.testkit.crypto.EdwardsCurve.Point;
import org.coppice.testkit.crypto.Samples.Implementation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Signatures and keys on which libraries are known to differ ("Taming the many EdDSAs", Chalkias, Garillot and Nikolaenko, 2020):
 * all providers judge them as the rule in {@link SignatureScheme#checked} says, so that no group splits over one of them.
 */
class EddsaAgreementTest {
    private static final List<Implementation<SignatureScheme>> ALL =
            Samples.implementations(SignatureAlgorithm.values(), p -> p::signatures);
    private static final byte[] MESSAGE = {'m', 'l', 's'};

    @ParameterizedTest
    @EnumSource
    void honestSignaturesPassByTheRuleAndByAllProviders(EdwardsCurve curve) {
        Random random = Samples.random("EddsaAgreementTest.honest");
        for (int i = 0; i < 10; i++) {
            BigInteger s = number(random, curve);
            BigInteger r = number(random, curve);
            Point pointA = curve.multiply(s, curve.base);
            byte[] signature = curve.sign(r, curve.multiply(r, curve.base), s, pointA, MESSAGE);
            assertThat(verdict(curve, curve.encode(pointA), signature)).isTrue();
        }
    }

    /**
     * A key and a point R with every pair of parts of small order. Only who holds the key can make these, so they let a member split
     * a group whose members verify differently.
     */
    @ParameterizedTest
    @EnumSource
    void allJudgePointsOfMixedOrderAlike(EdwardsCurve curve) {
        Random random = Samples.random("EddsaAgreementTest.mixed");
        for (int i = 0; i < curve.cofactor; i++) {
            for (int j = 0; j < curve.cofactor; j++) {
                Crafted crafted = craft(curve, random, i, j);
                assertThat(verdict(curve, crafted.publicKey, crafted.signature)).isEqualTo(crafted.cancelsOut);
            }
        }
    }

    /** Who tries often enough gets the parts of small order to cancel out, and a signature that is as good as any. */
    @ParameterizedTest
    @EnumSource
    void allAcceptKeysOfMixedOrderWhereTheEquationHolds(EdwardsCurve curve) {
        Random random = Samples.random("EddsaAgreementTest.cancel");
        for (int i = 1; i < curve.cofactor; i++) {
            Crafted crafted;
            do {
                crafted = craft(curve, random, i, random.nextInt(curve.cofactor));
            } while (!crafted.cancelsOut);
            assertThat(verdict(curve, crafted.publicKey, crafted.signature)).isTrue();
        }
    }

    /** A signature with i times the point of small order added to the key, and j times to R. */
    private static Crafted craft(EdwardsCurve curve, Random random, int i, int j) {
        BigInteger s = number(random, curve);
        BigInteger r = number(random, curve);
        Point pointA = curve.add(curve.multiply(s, curve.base), times(curve, i, curve.torsion));
        Point pointR = curve.add(curve.multiply(r, curve.base), times(curve, j, curve.torsion));
        byte[] publicKey = curve.encode(pointA);
        BigInteger h = curve.challenge(curve.encode(pointR), publicKey, MESSAGE);
        // The part of small order in R + hA.
        int left = (j + h.intValue() * i) & (curve.cofactor - 1);
        return new Crafted(publicKey, curve.sign(r, pointR, s, pointA, MESSAGE), left == 0);
    }

    private static final class Crafted {
        final byte[] publicKey;
        final byte[] signature;
        final boolean cancelsOut;

        Crafted(byte[] publicKey, byte[] signature, boolean cancelsOut) {
            this.publicKey = publicKey;
            this.signature = signature;
            this.cancelsOut = cancelsOut;
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysOfSmallOrderAreRefused(EdwardsCurve curve) {
        for (byte[] encoding : smallOrderEncodings(curve)) {
            for (Implementation<SignatureScheme> scheme : of(curve)) {
                assertThatThrownBy(() -> scheme.value().loadPublic(encoding))
                        .as(scheme.toString())
                        .isInstanceOf(CryptoException.class);
                assertThatThrownBy(() -> scheme.value().checkPublicKey(encoding))
                        .as(scheme.toString())
                        .isInstanceOf(CryptoException.class);
            }
        }
    }

    /** With r = 0, R is the neutral element and the equation holds. */
    @ParameterizedTest
    @EnumSource
    void signaturesWhosePointIsOfSmallOrderAreRefused(EdwardsCurve curve) {
        BigInteger s = number(Samples.random("EddsaAgreementTest.smallR"), curve);
        Point pointA = curve.multiply(s, curve.base);
        byte[] publicKey = curve.encode(pointA);
        for (byte[] encodedR : smallOrderEncodings(curve)) {
            BigInteger h = curve.challenge(encodedR, publicKey, MESSAGE);
            byte[] signature = curve.signature(encodedR, h.multiply(s).mod(curve.order));
            assertThat(verdict(curve, publicKey, signature)).isFalse();
        }
    }

    /** S + L signs the same: without the check, everyone could turn one signature into another. */
    @ParameterizedTest
    @EnumSource
    void scalarsThatAreNotReducedAreRefused(EdwardsCurve curve) {
        Random random = Samples.random("EddsaAgreementTest.S");
        BigInteger s = number(random, curve);
        BigInteger r = number(random, curve);
        Point pointA = curve.multiply(s, curve.base);
        byte[] publicKey = curve.encode(pointA);
        byte[] good = curve.sign(r, curve.multiply(r, curve.base), s, pointA, MESSAGE);
        byte[] encodedR = Arrays.copyOf(good, curve.length);
        BigInteger reduced = EdwardsCurve.number(Arrays.copyOfRange(good, curve.length, 2 * curve.length));
        assertThat(verdict(curve, publicKey, good)).isTrue();
        for (int i = 1; i < 4; i++) {
            BigInteger shifted = reduced.add(curve.order.multiply(BigInteger.valueOf(i)));
            assertThat(verdict(curve, publicKey, curve.signature(encodedR, shifted)))
                    .isFalse();
        }
        byte[] topBit = good.clone();
        topBit[topBit.length - 1] |= (byte) 0x80;
        assertThat(verdict(curve, publicKey, topBit)).isFalse();
        // S = 0 and S = L - 1 are in range; the equation decides.
        assertThat(verdict(curve, publicKey, curve.signature(encodedR, BigInteger.ZERO)))
                .isFalse();
        assertThat(verdict(curve, publicKey, curve.signature(encodedR, curve.order.subtract(BigInteger.ONE))))
                .isFalse();
    }

    /** y + p stands for the same point where it fits: 19 values on Curve25519, and many more on Curve448. */
    @ParameterizedTest
    @EnumSource
    void encodingsThatAreNotCanonicalAreRefused(EdwardsCurve curve) {
        for (int y = 0; y < 19; y++) {
            for (boolean odd : new boolean[] {false, true}) {
                byte[] encoded = curve.littleEndian(curve.p.add(BigInteger.valueOf(y)));
                if (odd) {
                    encoded[curve.length - 1] |= (byte) 0x80;
                }
                for (Implementation<SignatureScheme> scheme : of(curve)) {
                    assertThatThrownBy(() -> scheme.value().loadPublic(encoded))
                            .as(scheme.toString())
                            .isInstanceOf(CryptoException.class);
                }
                BigInteger s = BigInteger.valueOf(y + 77);
                byte[] publicKey = curve.encode(curve.multiply(s, curve.base));
                BigInteger h = curve.challenge(encoded, publicKey, MESSAGE);
                byte[] signature = curve.signature(encoded, h.multiply(s).mod(curve.order));
                assertThat(verdict(curve, publicKey, signature)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysThatAreNoPointVerifyNothingAndAreNotValid(EdwardsCurve curve) throws CryptoException {
        Random random = Samples.random("EddsaAgreementTest.points");
        int points = 0;
        // Every second number is a point: go on until both kinds have come up, whatever the seed.
        for (int i = 0; i < 20 || points == 0 || points == i; i++) {
            byte[] encoded = curve.littleEndian(new BigInteger(curve.p.bitLength(), random).mod(curve.p));
            boolean point = curve.decode(encoded).isPresent();
            points += point ? 1 : 0;
            for (Implementation<SignatureScheme> scheme : of(curve)) {
                if (point) {
                    assertThatCode(() -> scheme.value().checkPublicKey(encoded)).doesNotThrowAnyException();
                } else {
                    assertThatThrownBy(() -> scheme.value().checkPublicKey(encoded))
                            .isInstanceOf(CryptoException.class);
                }
                byte[] signature = curve.signature(curve.encode(curve.base), BigInteger.TEN);
                assertThat(scheme.value().loadPublic(encoded).verify(MESSAGE, signature))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysOfOtherLengthsAreRefused(EdwardsCurve curve) {
        byte[] good = curve.encode(curve.base);
        for (int length : new int[] {0, 1, good.length - 1, good.length + 1}) {
            for (Implementation<SignatureScheme> scheme : of(curve)) {
                assertThatThrownBy(() -> scheme.value().loadPublic(Arrays.copyOf(good, length)))
                        .isInstanceOf(CryptoException.class);
            }
        }
    }

    /** The verdict of the rule, which all providers have to share. */
    private static boolean verdict(EdwardsCurve curve, byte[] publicKey, byte[] signature) {
        boolean expected = curve.verify(publicKey, MESSAGE, signature);
        for (Implementation<SignatureScheme> scheme : of(curve)) {
            boolean actual;
            try {
                actual = scheme.value().loadPublic(publicKey).verify(MESSAGE, signature);
            } catch (CryptoException e) {
                actual = false;
            }
            assertThat(actual).as(scheme.toString()).isEqualTo(expected);
        }
        return expected;
    }

    /** All points of small order with both signs, also that of x = 0, which is not canonical. */
    private static List<byte[]> smallOrderEncodings(EdwardsCurve curve) {
        List<byte[]> out = new ArrayList<>();
        for (int i = 0; i < curve.cofactor; i++) {
            byte[] encoded = curve.encode(times(curve, i, curve.torsion));
            out.add(encoded);
            out.add(Samples.flip(encoded, 8 * curve.length - 1));
        }
        return out;
    }

    private static Point times(EdwardsCurve curve, int k, Point point) {
        return curve.multiply(BigInteger.valueOf(k), point);
    }

    private static BigInteger number(Random random, EdwardsCurve curve) {
        return new BigInteger(curve.order.bitLength() + 64, random).mod(curve.order);
    }

    private static List<Implementation<SignatureScheme>> of(EdwardsCurve curve) {
        return ALL.stream().filter(i -> i.primitive() == curve.algorithm).toList();
    }
}
