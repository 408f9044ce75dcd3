package org.coppice.crypto.bc;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.util.Arrays;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Why {@link MixedOrder} is there, on the simplest of such keys: A = B + T, B the base point and T of order 2. With R = B, S = 1 + h
 * is SB = R + hA - hT: a signature exactly if h is even, but always if the cofactor is multiplied in. The agreement of all
 * providers on all such points is a test of the testkit.
 */
class MixedOrderTest {
    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final BigInteger BASE_Y =
            BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P);
    /** RFC 8032 §5.1: x of B is even. */
    private static final byte[] BASE = encode(BASE_Y, false);
    /** B + T = (-x, -y). */
    static final byte[] MIXED = encode(P.subtract(BASE_Y), true);

    private static final CryptoProvider NO_EDDSA = new NoEddsa();

    @Test
    void bouncyCastleAloneAcceptsWhatTheEquationRefuses() throws Exception {
        SignatureScheme scheme = new BcEd25519(CryptoProviders.jdk());
        int valid = 0;
        for (byte i = 0; i < 32; i++) {
            byte[] message = {i};
            BigInteger h = challenge(message);
            byte[] signature = Arrays.concatenate(BASE, encode(h.add(BigInteger.ONE), false));
            assertThat(Ed25519.verify(signature, 0, MIXED, 0, message, 0, 1)).isTrue();
            assertThat(scheme.loadPublic(MIXED).verify(message, signature)).isEqualTo(!h.testBit(0));
            valid += h.testBit(0) ? 0 : 1;
        }
        assertThat(valid).isBetween(1, 31);
    }

    @Test
    void keysOfMixedOrderVerifyNothingWhereThePlatformHasNoEddsa() throws Exception {
        SignatureScheme scheme = SignatureScheme.checked(new BcEd25519(NO_EDDSA));
        for (byte i = 0; i < 32; i++) {
            byte[] message = {i};
            byte[] signature =
                    Arrays.concatenate(BASE, encode(challenge(message).add(BigInteger.ONE), false));
            assertThat(scheme.loadPublic(MIXED).verify(message, signature)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ED25519", "ED448"})
    void honestSignaturesNeedNoPlatform(SignatureAlgorithm algorithm) throws Exception {
        SignatureScheme scheme =
                algorithm == SignatureAlgorithm.ED25519 ? new BcEd25519(NO_EDDSA) : new BcEd448(NO_EDDSA);
        byte[] message = {1, 2, 3};
        for (int i = 0; i < 10; i++) {
            RawKeyPair pair = scheme.generate(Randomness.system());
            byte[] signature =
                    scheme.loadPrivate(pair.privateKey(), pair.publicKey()).sign(message, Randomness.system());
            SignatureScheme.VerifyingKey key = scheme.loadPublic(pair.publicKey());
            assertThat(key.verify(message, signature)).isTrue();
            assertThat(key.verify(new byte[3], signature)).isFalse();
        }
    }

    private static BigInteger challenge(byte[] message) {
        SHA512Digest sha512 = new SHA512Digest();
        for (byte[] part : new byte[][] {BASE, MIXED, message}) {
            sha512.update(part, 0, part.length);
        }
        byte[] hash = new byte[64];
        sha512.doFinal(hash, 0);
        return new BigInteger(1, Arrays.reverse(hash)).mod(ORDER);
    }

    private static byte[] encode(BigInteger littleEndian, boolean topBit) {
        byte[] out = new byte[32];
        for (int i = 0; i < 32; i++) {
            out[i] = littleEndian.shiftRight(8 * i).byteValue();
        }
        if (topBit) {
            out[31] |= (byte) 0x80;
        }
        return out;
    }

    /** A platform that has nothing. */
    private static final class NoEddsa implements CryptoProvider {
        @Override
        public String name() {
            return "bare";
        }

        @Override
        public int preference(Primitive primitive) {
            return 0;
        }
    }
}
