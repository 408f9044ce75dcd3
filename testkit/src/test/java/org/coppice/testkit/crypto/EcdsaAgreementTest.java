package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.coppice.mls.crypto.NamedCurve;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One encoding of each ECDSA signature and key passes with every provider (RFC 9420 §5.1.2), and all others fail with every one. */
class EcdsaAgreementTest {
    private static final byte[] MESSAGE = {'m', 'l', 's'};

    static Stream<Named<SignatureScheme>> schemes() {
        return Samples.named(Samples.implementations(SignatureAlgorithm.values(), p -> p::signatures).stream()
                .filter(i -> i.value().algorithm().isEcdsa())
                .toList());
    }

    /** A key, a signature under it, and the verifier. */
    private static final class Case {
        final BigInteger order;
        final BigInteger r;
        final BigInteger s;
        final byte[] signature;
        final SignatureScheme.VerifyingKey key;

        Case(SignatureScheme scheme) throws CryptoException {
            RawKeyPair pair = scheme.generate(Randomness.system());
            order = curve(scheme).order().orElseThrow();
            signature = scheme.loadPrivate(pair.privateKey(), pair.publicKey()).sign(MESSAGE, Randomness.system());
            int from = signature[1] == (byte) 0x81 ? 3 : 2;
            int rEnd = from + 2 + signature[from + 1];
            r = new BigInteger(Arrays.copyOfRange(signature, from + 2, rEnd));
            s = new BigInteger(Arrays.copyOfRange(signature, rEnd + 2, signature.length));
            key = scheme.loadPublic(pair.publicKey());
            assertAccepted(signature);
        }

        void assertAccepted(byte[] candidate) {
            assertThat(key.verify(MESSAGE, candidate)).isTrue();
        }

        void assertRefused(byte[] candidate) {
            assertThat(key.verify(MESSAGE, candidate)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void theEncodingIsTheOneThatAllProvidersMake(SignatureScheme scheme) throws Exception {
        for (int i = 0; i < 20; i++) {
            Case c = new Case(scheme);
            assertThat(sequence(integer(c.r), integer(c.s))).isEqualTo(c.signature);
        }
    }

    /** Both s and n - s satisfy the equation, and nobody may demand the smaller one. */
    @ParameterizedTest
    @MethodSource("schemes")
    void bothHalvesOfSAreAccepted(SignatureScheme scheme) throws Exception {
        Case c = new Case(scheme);
        c.assertAccepted(sequence(integer(c.r), integer(c.order.subtract(c.s))));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void numbersOutOfRangeAreRefused(SignatureScheme scheme) throws Exception {
        Case c = new Case(scheme);
        c.assertRefused(sequence(integer(BigInteger.ZERO), integer(c.s)));
        c.assertRefused(sequence(integer(c.r), integer(BigInteger.ZERO)));
        c.assertRefused(sequence(integer(BigInteger.ZERO), integer(BigInteger.ZERO)));
        c.assertRefused(sequence(integer(c.r.add(c.order)), integer(c.s)));
        c.assertRefused(sequence(integer(c.r), integer(c.s.add(c.order))));
        c.assertRefused(sequence(integer(c.order), integer(c.s)));
        c.assertRefused(sequence(integer(c.r), integer(c.order)));
        c.assertRefused(sequence(integer(c.r.negate()), integer(c.s)));
        c.assertRefused(sequence(integer(c.r), integer(c.s.negate())));
        c.assertRefused(sequence(integer(c.r.subtract(c.order)), integer(c.s)));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void encodingsOtherThanDerAreRefused(SignatureScheme scheme) throws Exception {
        Case c = new Case(scheme);
        byte[] r = integer(c.r);
        byte[] s = integer(c.s);
        byte[] content = concat(r, s);
        // Zeros in front of a number.
        c.assertRefused(sequence(padded(c.r), s));
        c.assertRefused(sequence(r, padded(c.s)));
        // Lengths in longer forms than needed, indefinite, too small and too large.
        c.assertRefused(concat(new byte[] {0x30, (byte) 0x82, 0, (byte) content.length}, content));
        if (content.length < 128) {
            c.assertRefused(concat(new byte[] {0x30, (byte) 0x81, (byte) content.length}, content));
        } else {
            c.assertRefused(concat(new byte[] {0x30, (byte) content.length}, content));
        }
        c.assertRefused(concat(new byte[] {0x30, (byte) 0x80}, content, new byte[2]));
        c.assertRefused(concat(new byte[] {0x30, (byte) (content.length - 1)}, content));
        c.assertRefused(concat(new byte[] {0x30, (byte) (content.length + 1)}, content));
        byte[] longR = concat(new byte[] {2, (byte) 0x81, (byte) (r.length - 2)}, Arrays.copyOfRange(r, 2, r.length));
        c.assertRefused(sequence(longR, s));
        // Something after, between, or missing.
        c.assertRefused(concat(c.signature, new byte[1]));
        c.assertRefused(sequence(r, s, new byte[] {5, 0}));
        c.assertRefused(sequence(r, new byte[] {5, 0}, s));
        c.assertRefused(sequence(r));
        c.assertRefused(sequence());
        c.assertRefused(new byte[0]);
        c.assertRefused(new byte[] {0x30});
        c.assertRefused(sequence(new byte[] {2, 0}, s));
        // Other tags.
        byte[] set = c.signature.clone();
        set[0] = 0x31;
        c.assertRefused(set);
        byte[] enumerated = r.clone();
        enumerated[0] = 10;
        c.assertRefused(sequence(enumerated, s));
    }

    /** The form of IEEE P1363, r and s side by side. */
    @ParameterizedTest
    @MethodSource("schemes")
    void rawSignaturesAreRefused(SignatureScheme scheme) throws Exception {
        Case c = new Case(scheme);
        int length = curve(scheme).privateLength();
        c.assertRefused(concat(fixed(c.r, length), fixed(c.s, length)));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void publicKeysMustBeUncompressedPointsOfTheCurve(SignatureScheme scheme) throws Exception {
        int length = curve(scheme).privateLength();
        byte[] good = scheme.generate(Randomness.system()).publicKey();
        scheme.checkPublicKey(good);
        byte[] compressed = Arrays.copyOf(good, 1 + length);
        compressed[0] = (byte) (2 + (good[2 * length] & 1));
        byte[] hybrid = good.clone();
        hybrid[0] = (byte) (6 + (good[2 * length] & 1));
        byte[] offCurve = good.clone();
        offCurve[2 * length] ^= 1;
        byte[] zeros = new byte[good.length];
        zeros[0] = 4;
        byte[] notReduced = Weierstrass.of(curve(scheme)).smallPoint();
        scheme.checkPublicKey(notReduced);
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(notReduced, 1, 1 + length));
        System.arraycopy(fixed(x.add(Weierstrass.of(curve(scheme)).p), length), 0, notReduced, 1, length);
        for (byte[] bad : List.of(
                compressed,
                hybrid,
                offCurve,
                zeros,
                notReduced,
                new byte[1],
                new byte[0],
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOf(good, good.length + 1))) {
            assertThatThrownBy(() -> scheme.loadPublic(bad)).isInstanceOf(CryptoException.class);
            assertThatThrownBy(() -> scheme.checkPublicKey(bad)).isInstanceOf(CryptoException.class);
        }
    }

    private static NamedCurve curve(SignatureScheme scheme) {
        return scheme.algorithm().ecdsaCurve().orElseThrow();
    }

    private static byte[] sequence(byte[]... parts) {
        byte[] content = concat(parts);
        byte[] header = content.length < 128
                ? new byte[] {0x30, (byte) content.length}
                : new byte[] {0x30, (byte) 0x81, (byte) content.length};
        return concat(header, content);
    }

    private static byte[] integer(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return concat(new byte[] {2, (byte) bytes.length}, bytes);
    }

    private static byte[] padded(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return concat(new byte[] {2, (byte) (bytes.length + 1), 0}, bytes);
    }

    private static byte[] fixed(BigInteger value, int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[length - 1 - i] = value.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
