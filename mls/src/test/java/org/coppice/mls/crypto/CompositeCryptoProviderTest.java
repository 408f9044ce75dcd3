package org.coppice.mls.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.coppice.mls.crypto.CryptoReport.Choice;
import org.coppice.mls.crypto.CryptoReport.PassedOver;
import org.coppice.mls.crypto.jdk.JdkCryptoProvider;
import org.coppice.mls.error.CryptoException;
import org.junit.jupiter.api.Test;

/** How a provider is chosen for each primitive. */
class CompositeCryptoProviderTest {
    private static final CryptoProvider JDK = new JdkCryptoProvider();
    private static final HashAlgorithm SHA_256 = HashAlgorithm.SHA_256;

    /** A provider of SHA-256 alone. */
    private static final class HashProvider implements CryptoProvider {
        private final String name;
        private final int preference;
        private final Supplier<Optional<Hash>> hash;
        int loads;

        HashProvider(String name, int preference, Supplier<Optional<Hash>> hash) {
            this.name = name;
            this.preference = preference;
            this.hash = hash;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int preference(Primitive primitive) {
            return primitive == SHA_256 ? preference : 0;
        }

        @Override
        public Optional<Hash> hash(HashAlgorithm algorithm) {
            loads++;
            return hash.get();
        }

        @Override
        public Optional<String> unavailableReason(Primitive primitive) {
            return Optional.of("no build for this machine");
        }
    }

    /** The platform's hash under another identity, counted wrongly from call {@code wrongFrom} on. */
    private static Hash hash(int wrongFrom) {
        Hash good = JDK.hash(SHA_256).orElseThrow();
        int[] calls = {0};
        return new Hash() {
            @Override
            public HashAlgorithm algorithm() {
                return SHA_256;
            }

            @Override
            public void hash(byte[] in, int offset, int length, byte[] out, int outOffset) {
                good.hash(in, offset, length, out, outOffset);
                if (++calls[0] >= wrongFrom) {
                    out[outOffset] ^= 1;
                }
            }

            @Override
            public void hmac(byte[] key, byte[] in, int offset, int length, byte[] out, int outOffset) {
                good.hmac(key, in, offset, length, out, outOffset);
            }
        };
    }

    private static Optional<Hash> works() {
        return Optional.of(hash(Integer.MAX_VALUE));
    }

    private static Choice choice(CompositeCryptoProvider composite) {
        return composite.report().choices().stream()
                .filter(c -> c.primitive() == SHA_256)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theHighestPreferenceWins() {
        HashProvider low = new HashProvider("low", 10, CompositeCryptoProviderTest::works);
        HashProvider high = new HashProvider("high", 20, CompositeCryptoProviderTest::works);
        CompositeCryptoProvider composite = new CompositeCryptoProvider(List.of(low, high), false, List.of());
        assertThat(choice(composite).provider()).contains("high");
        assertThat(choice(composite).passedOver()).isEmpty();
        assertThat(low.loads).isZero();
    }

    @Test
    void theGivenOrderWinsOverPreferences() {
        HashProvider low = new HashProvider("low", 10, CompositeCryptoProviderTest::works);
        HashProvider high = new HashProvider("high", 20, CompositeCryptoProviderTest::works);
        assertThat(choice(CryptoProviders.of(low, high)).provider()).contains("low");
        assertThat(choice(CryptoProviders.of(high, low)).provider()).contains("high");
    }

    @Test
    void whoeverFailsIsPassedOverWithAReason() {
        CompositeCryptoProvider composite = CryptoProviders.of(
                new HashProvider("absent", 1, Optional::empty),
                new HashProvider("wrong", 1, () -> Optional.of(hash(1))),
                new HashProvider("throwing", 1, () -> {
                    throw new IllegalStateException("broken installation");
                }),
                new HashProvider("unlinked", 1, () -> {
                    throw new UnsatisfiedLinkError("no such library");
                }),
                new HashProvider("asserting", 1, () -> {
                    throw new AssertionError("not as expected");
                }),
                new HashProvider("good", 1, CompositeCryptoProviderTest::works),
                new HashProvider("never reached", 1, Optional::empty));
        Choice choice = choice(composite);
        assertThat(choice.provider()).contains("good");
        assertThat(choice.passedOver())
                .extracting(PassedOver::provider)
                .containsExactly("absent", "wrong", "throwing", "unlinked", "asserting");
        assertThat(choice.passedOver().get(0).reason()).isEqualTo("no build for this machine");
        assertThat(choice.passedOver().get(1).reason()).contains("wrong answer in its self-test: hash");
        assertThat(choice.passedOver().get(2).reason()).contains("broken installation");
        assertThat(choice.passedOver().get(3).reason()).contains("no such library");
        assertThat(composite.report().toString()).contains("SHA-256: good [not absent: no build for this machine,");
    }

    @Test
    void aPrimitiveThatNobodyHasIsEmpty() {
        CompositeCryptoProvider composite = CryptoProviders.of(new HashProvider("absent", 1, Optional::empty));
        assertThat(composite.hash(SHA_256)).isEmpty();
        assertThat(composite.aead(AeadAlgorithm.AES_128_GCM)).isEmpty();
        assertThat(choice(composite).provider()).isEmpty();
        assertThat(composite.suite(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519))
                .isEmpty();
    }

    @Test
    void nothingIsLoadedBeforeItIsNeededAndNothingTwice() {
        HashProvider provider = new HashProvider("counting", 1, CompositeCryptoProviderTest::works);
        CompositeCryptoProvider composite = CryptoProviders.of(provider);
        composite.preference(SHA_256);
        composite.name();
        composite.aead(AeadAlgorithm.AES_128_GCM);
        assertThat(provider.loads).isZero();
        Hash first = composite.hash(SHA_256).orElseThrow();
        assertThat(composite.hash(SHA_256)).containsSame(first);
        composite.report();
        assertThat(provider.loads).isEqualTo(1);
    }

    /** A provider that an application brings need not know of the rule that all members follow. */
    @Test
    void theCommonRuleIsAppliedToEveryProvider() throws Exception {
        CryptoProvider lax = new CryptoProvider() {
            @Override
            public String name() {
                return "lax";
            }

            @Override
            public int preference(Primitive primitive) {
                return 1;
            }

            @Override
            public Optional<SignatureScheme> signatures(SignatureAlgorithm algorithm) {
                return JDK.signatures(algorithm).map(LaxScheme::new);
            }
        };
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            SignatureScheme scheme =
                    CryptoProviders.of(lax).signatures(algorithm).orElseThrow();
            RawKeyPair pair = scheme.generate(Randomness.system());
            byte[] signature =
                    scheme.loadPrivate(pair.privateKey(), pair.publicKey()).sign(new byte[1], Randomness.system());
            SignatureScheme.VerifyingKey key = scheme.loadPublic(pair.publicKey());
            assertThat(key.verify(new byte[1], signature)).isTrue();
            byte[] outOfRange = signature.clone();
            Arrays.fill(outOfRange, outOfRange.length - 8, outOfRange.length, (byte) -1);
            outOfRange[1] = (byte) 0xff;
            assertThat(key.verify(new byte[1], outOfRange)).isFalse();
        }
    }

    /** Says yes to whatever has the length of a signature it has seen refused. */
    private static final class LaxScheme implements SignatureScheme {
        private final SignatureScheme strict;

        LaxScheme(SignatureScheme strict) {
            this.strict = strict;
        }

        @Override
        public SignatureAlgorithm algorithm() {
            return strict.algorithm();
        }

        @Override
        public RawKeyPair generate(Randomness randomness) {
            return strict.generate(randomness);
        }

        @Override
        public byte[] publicKey(byte[] privateKey) throws CryptoException {
            return strict.publicKey(privateKey);
        }

        @Override
        public SigningKey loadPrivate(byte[] privateKey, byte[] publicKey) throws CryptoException {
            return strict.loadPrivate(privateKey, publicKey);
        }

        @Override
        public VerifyingKey loadPublic(byte[] publicKey) throws CryptoException {
            VerifyingKey key = strict.loadPublic(publicKey);
            return (message, signature) -> signature[1] == -1 || key.verify(message, signature);
        }
    }

    @Test
    void suitesBeyondTheStandardComeFromTheProviderThatHasThem() {
        CipherSuite number = new CipherSuite(0xf042);
        CryptoProvider own = new CryptoProvider() {
            @Override
            public String name() {
                return "own";
            }

            @Override
            public int preference(Primitive primitive) {
                return 0;
            }

            @Override
            public Optional<SuiteParts> suite(CipherSuite suite) {
                return suite.equals(number)
                        ? JDK.suite(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519)
                                .map(p -> new SuiteParts(number, p.kem(), p.hash(), p.aead(), p.signatures()))
                        : Optional.empty();
            }
        };
        CompositeCryptoProvider composite = CryptoProviders.of(JDK, own);
        assertThat(composite.suite(number)).get().extracting(SuiteParts::suite).isEqualTo(number);
        assertThat(composite.suite(new CipherSuite(0xf043))).isEmpty();
        assertThat(composite.suite(CipherSuite.MLS_256_DHKEMP384_AES256GCM_SHA384_P384))
                .isPresent();
    }

    @Test
    void thePlatformAloneHasAllStandardSuites() {
        CompositeCryptoProvider jdk = CryptoProviders.jdk();
        for (CipherSuite suite : CipherSuite.STANDARD) {
            assertThat(jdk.suite(suite)).as(suite.toString()).isPresent();
        }
        assertThat(jdk.report().choices()).allMatch(c -> c.passedOver().isEmpty());
        List<String> lines = new ArrayList<>(jdk.report().toString().lines().toList());
        assertThat(lines).contains("X25519: jdk", "SHA-256: jdk", "ES512: jdk").hasSize(16);
    }

    @Test
    void aCompositeOfNothingIsAMistake() {
        assertThatThrownBy(CryptoProviders::of).isInstanceOf(IllegalArgumentException.class);
    }
}
