package org.coppice.crypto.bc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Primitive;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.crypto.SignatureScheme.VerifyingKey;
import org.coppice.mls.error.CryptoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecentKeysTest {
    private static final VerifyingKey KEY = (message, signature) -> false;

    @Test
    void keepsNoMoreThanItsBoundAndDropsWhatWasNotUsedForLongest() {
        RecentKeys keys = new RecentKeys();
        for (int i = 0; i < RecentKeys.MAX; i++) {
            keys.keep(name(i), KEY);
        }
        assertThat(keys.find(name(0))).isPresent();
        keys.keep(name(RecentKeys.MAX), KEY);
        assertThat(keys.size()).isEqualTo(RecentKeys.MAX);
        assertThat(keys.find(name(0))).isPresent();
        assertThat(keys.find(name(1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aKeyIsCheckedOnceAndFoundByItsBytesAlone(SignatureAlgorithm algorithm) throws Exception {
        SignatureScheme scheme = scheme(algorithm, CryptoProviders.jdk());
        byte[] one = scheme.generate(Randomness.system()).publicKey();
        byte[] other = scheme.generate(Randomness.system()).publicKey();
        byte[] array = one.clone();
        VerifyingKey first = scheme.loadPublic(array);
        // What becomes of the caller's array changes no entry.
        System.arraycopy(other, 0, array, 0, array.length);
        assertThat(scheme.loadPublic(array)).isNotSameAs(first);
        assertThat(scheme.loadPublic(one)).isSameAs(first);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyDoesNotVerifyWhatAnotherSigned(SignatureAlgorithm algorithm) throws Exception {
        SignatureScheme scheme = scheme(algorithm, CryptoProviders.jdk());
        var one = scheme.generate(Randomness.system());
        var other = scheme.generate(Randomness.system());
        byte[] message = {1};
        byte[] signature = scheme.loadPrivate(one.privateKey(), one.publicKey()).sign(message, Randomness.system());
        for (int i = 0; i < 2; i++) {
            assertThat(scheme.loadPublic(one.publicKey()).verify(message, signature))
                    .isTrue();
            assertThat(scheme.loadPublic(other.publicKey()).verify(message, signature))
                    .isFalse();
        }
    }

    @Test
    void whatIsNoPointIsRefusedEachTime() {
        SignatureScheme scheme = scheme(SignatureAlgorithm.ECDSA_SECP256R1_SHA256, CryptoProviders.jdk());
        byte[] noPoint = new byte[65];
        noPoint[0] = 4;
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> scheme.loadPublic(noPoint)).isInstanceOf(CryptoException.class);
        }
    }

    /** The check that it failed is what sends it to the platform. */
    @ParameterizedTest
    @EnumSource(names = {"ED25519", "ED448"})
    void aKeyOfMixedOrderIsNotKept(SignatureAlgorithm algorithm) throws Exception {
        Counting platform = new Counting();
        SignatureScheme scheme = scheme(algorithm, platform);
        byte[] mixed = algorithm == SignatureAlgorithm.ED25519
                ? MixedOrderTest.MIXED
                : plusOrderTwo(scheme.generate(Randomness.system()).publicKey());
        scheme.loadPublic(mixed);
        scheme.loadPublic(mixed);
        assertThat(platform.asked).hasValue(2);
    }

    private static SignatureScheme scheme(SignatureAlgorithm algorithm, CryptoProvider platform) {
        return switch (algorithm) {
            case ED25519 -> new BcEd25519(platform);
            case ED448 -> new BcEd448(platform);
            default -> new BcEcdsa(algorithm);
        };
    }

    /** Ed448's (-x, -y): p - y, with the other bit of x. p is 2^448 - 2^224 - 1: ones, but for bit 224. */
    private static byte[] plusOrderTwo(byte[] point) {
        byte[] out = new byte[point.length];
        int borrow = 0;
        for (int i = 0; i < point.length - 1; i++) {
            int prime = i == 28 ? 0xfe : 0xff;
            int digit = prime - (point[i] & 0xff) - borrow;
            out[i] = (byte) digit;
            borrow = digit < 0 ? 1 : 0;
        }
        out[point.length - 1] = (byte) (point[point.length - 1] ^ 0x80);
        return out;
    }

    private static byte[] name(int i) {
        return new byte[] {(byte) i, (byte) (i >> 8)};
    }

    /** The JDK, counted. */
    private static final class Counting implements CryptoProvider {
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public int preference(Primitive primitive) {
            return 0;
        }

        @Override
        public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
            asked.incrementAndGet();
            return CryptoProviders.jdk().signatures(algorithm);
        }
    }
}
