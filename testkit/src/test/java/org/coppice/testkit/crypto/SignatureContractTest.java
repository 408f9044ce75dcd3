package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.coppice.crypto.bc.BouncyCastleCryptoProvider;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.RawKeyPair;
import org.coppice.mls.crypto.SignatureAlgorithm;
import org.coppice.mls.crypto.SignatureScheme;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.CryptoException.Reason;
import org.coppice.testkit.crypto.Samples.Implementation;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider's signatures, against published answers and each other. */
class SignatureContractTest {
    private static final List<Implementation<SignatureScheme>> ALL =
            Samples.implementations(SignatureAlgorithm.values(), p -> p::signatures);
    private static final Randomness SYSTEM = Randomness.system();

    static Stream<Named<SignatureScheme>> schemes() {
        return Samples.named(ALL);
    }

    static Stream<Named<SignatureScheme>> eddsa() {
        return Samples.named(
                ALL.stream().filter(i -> !i.value().algorithm().isEcdsa()).toList());
    }

    static Stream<Named<SignatureScheme>> ecdsa() {
        return Samples.named(
                ALL.stream().filter(i -> i.value().algorithm().isEcdsa()).toList());
    }

    /** RFC 8032 §7.1 test 1 and test 3, §7.4 "blank". */
    @ParameterizedTest
    @MethodSource("eddsa")
    void makesThePublishedEddsaSignatures(SignatureScheme scheme) throws Exception {
        if (scheme.algorithm() == SignatureAlgorithm.ED25519) {
            assertSigns(
                    scheme,
                    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                    "",
                    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                            + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
            assertSigns(
                    scheme,
                    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                    "af82",
                    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                            + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
        } else {
            assertSigns(
                    scheme,
                    "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3"
                            + "528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b",
                    "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778"
                            + "edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
                    "",
                    "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f"
                            + "2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a"
                            + "9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4db"
                            + "b61149f05a7363268c71d95808ff2e652600");
        }
    }

    private static void assertSigns(
            SignatureScheme scheme, String privateKey, String publicKey, String message, String signature)
            throws CryptoException {
        assertThat(scheme.publicKey(Samples.hex(privateKey))).isEqualTo(Samples.hex(publicKey));
        try (SignatureScheme.SigningKey key = scheme.loadPrivate(Samples.hex(privateKey), Samples.hex(publicKey))) {
            assertThat(key.sign(Samples.hex(message), SYSTEM)).isEqualTo(Samples.hex(signature));
        }
        assertThat(scheme.loadPublic(Samples.hex(publicKey)).verify(Samples.hex(message), Samples.hex(signature)))
                .isTrue();
    }

    /** RFC 6979 §A.2.5, "test" with SHA-256. */
    @Test
    void allProvidersAcceptThePublishedEcdsaSignature() throws Exception {
        byte[] publicKey = Samples.hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
        byte[] signature = Samples.hex("3045022100f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                + "0220019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");
        byte[] message = "test".getBytes(StandardCharsets.US_ASCII);
        for (SignatureScheme scheme : of(SignatureAlgorithm.ECDSA_SECP256R1_SHA256)) {
            assertThat(scheme.loadPublic(publicKey).verify(message, signature)).isTrue();
        }
    }

    @Test
    void allProvidersVerifyEachOther() throws Exception {
        Random random = Samples.random("SignatureContractTest");
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            List<SignatureScheme> schemes = of(algorithm);
            for (int length : new int[] {0, 1, 100, 1 << 16}) {
                byte[] privateKey = algorithm.drawPrivateKey(Samples.randomness(random));
                byte[] publicKey = schemes.get(0).publicKey(privateKey);
                byte[] message = Samples.bytes(random, length);
                for (SignatureScheme signer : schemes) {
                    assertThat(signer.publicKey(privateKey)).isEqualTo(publicKey);
                    byte[] signature = signer.loadPrivate(privateKey, publicKey).sign(message, SYSTEM);
                    for (SignatureScheme verifier : schemes) {
                        SignatureScheme.VerifyingKey key = verifier.loadPublic(publicKey);
                        assertThat(key.verify(message, signature)).isTrue();
                        assertThat(key.verify(Arrays.copyOf(message, length + 1), signature))
                                .isFalse();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void refusesWhateverWasChanged(SignatureScheme scheme) throws Exception {
        RawKeyPair pair = scheme.generate(SYSTEM);
        byte[] message = {1, 2, 3, 4};
        byte[] signature =
                scheme.loadPrivate(pair.privateKey(), pair.publicKey()).sign(message, SYSTEM);
        SignatureScheme.VerifyingKey key = scheme.loadPublic(pair.publicKey());
        assertThat(key.verify(message, signature)).isTrue();
        // Every eighth bit, and another one in each byte: all of them would take a second per provider.
        for (int bit = 0; bit < 8 * signature.length; bit += 7) {
            assertThat(key.verify(message, Samples.flip(signature, bit))).isFalse();
        }
        for (int length = 0; length < signature.length; length += 3) {
            assertThat(key.verify(message, Arrays.copyOf(signature, length))).isFalse();
        }
        assertThat(key.verify(message, Arrays.copyOf(signature, signature.length + 1)))
                .isFalse();
        assertThat(key.verify(Samples.flip(message, 9), signature)).isFalse();
        RawKeyPair other = scheme.generate(SYSTEM);
        assertThat(scheme.loadPublic(other.publicKey()).verify(message, signature))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void givesTheSameKeyForTheSameRandomness(SignatureScheme scheme) {
        long seed = Samples.random("SignatureContractTest.keys").nextLong();
        RawKeyPair once = scheme.generate(Samples.randomness(new Random(seed)));
        RawKeyPair again = scheme.generate(Samples.randomness(new Random(seed)));
        RawKeyPair jdk = of(scheme.algorithm()).get(0).generate(Samples.randomness(new Random(seed)));
        assertThat(again.privateKey()).isEqualTo(once.privateKey()).isEqualTo(jdk.privateKey());
        assertThat(again.publicKey()).isEqualTo(once.publicKey()).isEqualTo(jdk.publicKey());
    }

    @ParameterizedTest
    @MethodSource("ecdsa")
    void signsWithRandomnessThatIsNotTheSystems(SignatureScheme scheme) throws Exception {
        RawKeyPair pair = scheme.generate(SYSTEM);
        byte[] message = {5};
        Random random = Samples.random("SignatureContractTest.ecdsa");
        SignatureScheme.SigningKey key = scheme.loadPrivate(pair.privateKey(), pair.publicKey());
        byte[] signature = key.sign(message, Samples.randomness(random));
        assertThat(scheme.loadPublic(pair.publicKey()).verify(message, signature))
                .isTrue();
    }

    /** A native library draws its nonces itself; the others can be replayed. */
    @Test
    void ecdsaInJavaSignsTheSameForTheSameRandomness() throws Exception {
        for (Implementation<SignatureScheme> i : ALL) {
            if (i.value().algorithm().isEcdsa() && List.of("jdk", "bc").contains(i.provider())) {
                RawKeyPair pair = i.value().generate(SYSTEM);
                SignatureScheme.SigningKey key = i.value().loadPrivate(pair.privateKey(), pair.publicKey());
                byte[] once = key.sign(new byte[1], Samples.randomness(new Random(5)));
                assertThat(key.sign(new byte[1], Samples.randomness(new Random(5))))
                        .isEqualTo(once);
                assertThat(key.sign(new byte[1], Samples.randomness(new Random(6))))
                        .isNotEqualTo(once);
            }
        }
    }

    /** RFC 6979 §A.2.5-7: "sample" with the hash of each suite. */
    @ParameterizedTest
    @CsvSource({
        "ECDSA_SECP256R1_SHA256,"
                + "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721,"
                + "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716,"
                + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        "ECDSA_SECP384R1_SHA384,"
                + "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5,"
                + "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46,"
                + "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
        "ECDSA_SECP521R1_SHA512,"
                + "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc14"
                + "66f6d8fbec67db89ec0c08b0e996b83538,"
                + "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b5349"
                + "31d7d4e8455cc91f9b15bf05ec36e377fa,"
                + "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b"
                + "1a20f8ccb1dccc43997f1ee0e44da4a67a"
    })
    void bouncyCastleDerivesTheNonceFromKeyAndMessage(
            SignatureAlgorithm algorithm, String privateKey, String r, String s) throws Exception {
        SignatureScheme scheme =
                new BouncyCastleCryptoProvider().signatures(algorithm).orElseThrow();
        byte[] secret = Samples.hex(privateKey);
        SignatureScheme.SigningKey key = scheme.loadPrivate(secret, scheme.publicKey(secret));
        byte[] signature = key.sign("sample".getBytes(StandardCharsets.US_ASCII), SYSTEM);
        BigInteger order = algorithm.ecdsaCurve().orElseThrow().order().orElseThrow();
        assertThat(StandardDSAEncoding.INSTANCE.decode(order, signature))
                .containsExactly(new BigInteger(r, 16), new BigInteger(s, 16));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void refusesPrivateKeysOfOtherLengthsAndRanges(SignatureScheme scheme) {
        int length = scheme.algorithm().privateLength();
        RawKeyPair pair = scheme.generate(SYSTEM);
        for (int wrong : new int[] {0, 1, length - 1, length + 1}) {
            assertBadPrivate(scheme, Arrays.copyOf(pair.privateKey(), wrong), pair.publicKey());
        }
        if (scheme.algorithm().isEcdsa()) {
            assertBadPrivate(scheme, new byte[length], pair.publicKey());
            BigInteger order =
                    scheme.algorithm().ecdsaCurve().orElseThrow().order().orElseThrow();
            byte[] signed = order.toByteArray();
            byte[] scalar = new byte[length];
            int count = Math.min(signed.length, length);
            System.arraycopy(signed, signed.length - count, scalar, length - count, count);
            assertBadPrivate(scheme, scalar, pair.publicKey());
        }
    }

    /** With a public key of someone else's choice, EdDSA signatures would give the private key away. */
    @ParameterizedTest
    @MethodSource("schemes")
    void doesNotLoadAPrivateKeyWithAnotherPublicKey(SignatureScheme scheme) {
        RawKeyPair one = scheme.generate(SYSTEM);
        RawKeyPair other = scheme.generate(SYSTEM);
        assertThatThrownBy(() -> scheme.loadPrivate(one.privateKey(), other.publicKey()))
                .isInstanceOf(CryptoException.class);
    }

    private static void assertBadPrivate(SignatureScheme scheme, byte[] privateKey, byte[] publicKey) {
        assertThatThrownBy(() -> scheme.publicKey(privateKey))
                .isInstanceOfSatisfying(
                        CryptoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_PRIVATE_KEY));
        assertThatThrownBy(() -> scheme.loadPrivate(privateKey, publicKey))
                .isInstanceOfSatisfying(
                        CryptoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_PRIVATE_KEY));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void keepsItsKeysApartFromTheArraysTheyCameFrom(SignatureScheme scheme) throws Exception {
        RawKeyPair pair = scheme.generate(SYSTEM);
        byte[] privateKey = pair.privateKey().clone();
        byte[] publicKey = pair.publicKey().clone();
        SignatureScheme.SigningKey signing = scheme.loadPrivate(privateKey, publicKey);
        SignatureScheme.VerifyingKey verifying = scheme.loadPublic(publicKey);
        Arrays.fill(privateKey, (byte) 0);
        Arrays.fill(publicKey, (byte) 0);
        byte[] message = {7};
        assertThat(verifying.verify(message, signing.sign(message, SYSTEM))).isTrue();
        // And the other way round: a closed handle does not wipe what it was given.
        byte[] given = pair.privateKey().clone();
        scheme.loadPrivate(given, pair.publicKey()).close();
        assertThat(given).isEqualTo(pair.privateKey());
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void doesNotSignOnceClosed(SignatureScheme scheme) throws Exception {
        RawKeyPair pair = scheme.generate(SYSTEM);
        SignatureScheme.SigningKey key = scheme.loadPrivate(pair.privateKey(), pair.publicKey());
        key.close();
        key.close();
        assertThatThrownBy(() -> key.sign(new byte[1], SYSTEM)).isInstanceOf(IllegalStateException.class);
    }

    private static List<SignatureScheme> of(SignatureAlgorithm algorithm) {
        return ALL.stream()
                .filter(i -> i.primitive() == algorithm)
                .map(Implementation::value)
                .toList();
    }
}
