package org.coppice.testkit.vectors.make;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.testkit.vectors.VectorCase;
import org.coppice.testkit.vectors.VectorKind;
import org.coppice.testkit.vectors.VectorVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VectorGeneratorTest {
    private static VectorGenerator generator(String seed) {
        return new VectorGenerator(CryptoProviders.of(new BouncyCastleCryptoProvider()), seed);
    }

    static Stream<CipherSuite> suites() {
        return CipherSuite.STANDARD.stream();
    }

    @ParameterizedTest
    @EnumSource(VectorKind.class)
    void theSameSeedGivesTheSameBytes(VectorKind kind) throws Exception {
        List<CipherSuite> suites = List.of(CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256);
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        generator("same").write(kind, suites, 1, first);
        generator("same").write(kind, suites, 1, second);
        assertThat(first.toString()).isEqualTo(second.toString());
    }

    @Test
    void anotherSeedGivesOtherVectors() throws Exception {
        CipherSuite suite = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        assertThat(generator("one").make(VectorKind.WELCOME, suite, 0))
                .isNotEqualTo(generator("other").make(VectorKind.WELCOME, suite, 0));
        assertThat(generator("one").make(VectorKind.WELCOME, suite, 0))
                .isNotEqualTo(generator("one").make(VectorKind.WELCOME, suite, 1));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void transcriptsOfEverySuiteCanBeFollowed(CipherSuite suite) throws Exception {
        VectorVerifier verifier = new VectorVerifier(CryptoProviders.of(new BouncyCastleCryptoProvider()));
        VectorKind kind = VectorKind.PASSIVE_CLIENT_RANDOM;
        assertThat(verifier.verify(new VectorCase(
                                kind, "test", 0, generator("follow").make(kind, suite, 0)))
                        .reason())
                .isEmpty();
    }
}
