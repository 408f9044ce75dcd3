package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.coppice.mls.crypto.Aead;
import org.coppice.mls.crypto.AeadAlgorithm;
import org.coppice.mls.error.CryptoException;
import org.coppice.testkit.crypto.Samples.Implementation;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider's AEADs, against published answers and each other. */
class AeadContractTest {
    private static final List<Implementation<Aead>> ALL = Samples.implementations(AeadAlgorithm.values(), p -> p::aead);

    static Stream<Named<Aead>> aeads() {
        return Samples.named(ALL);
    }

    /** Test cases 4 and 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega); RFC 8439 §2.8.2. */
    @ParameterizedTest
    @MethodSource("aeads")
    void givesThePublishedCiphertext(Aead aead) throws Exception {
        boolean aes = aead.algorithm() != AeadAlgorithm.CHACHA20_POLY1305;
        String aesKey = "feffe9928665731c6d6a8f9467308308";
        byte[] key = Samples.hex(
                switch (aead.algorithm()) {
                    case AES_128_GCM -> aesKey;
                    case AES_256_GCM -> aesKey + aesKey;
                    case CHACHA20_POLY1305 -> "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
                });
        byte[] nonce = Samples.hex(aes ? "cafebabefacedbaddecaf888" : "070000004041424344454647");
        byte[] aad = Samples.hex(aes ? "feedfacedeadbeeffeedfacedeadbeefabaddad2" : "50515253c0c1c2c3c4c5c6c7");
        byte[] plaintext = aes
                ? Samples.hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
                : ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
                                + "sunscreen would be it.")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] expected = Samples.hex(
                switch (aead.algorithm()) {
                    case AES_128_GCM ->
                        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                                + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
                                + "5bc94fbc3221a5db94fae95ae7121a47";
                    case AES_256_GCM ->
                        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                                + "76fc6ece0f4e1768cddf8853bb2d551b";
                    case CHACHA20_POLY1305 ->
                        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                                + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                                + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                                + "3ff4def08e4b7a9de576d26586cec64b6116"
                                + "1ae10b594f09e26a7e902ecbd0600691";
                });
        assertThat(aead.seal(key, nonce, aad, plaintext)).isEqualTo(expected);
        assertThat(aead.open(key, nonce, aad, expected)).isEqualTo(plaintext);
    }

    @Test
    void allProvidersSealAlikeAndOpenEachOthersMessages() throws Exception {
        Random random = Samples.random("AeadContractTest");
        for (AeadAlgorithm algorithm : AeadAlgorithm.values()) {
            List<Aead> aeads = ALL.stream()
                    .filter(i -> i.primitive() == algorithm)
                    .map(Implementation::value)
                    .toList();
            for (int length : new int[] {0, 1, 15, 16, 17, 64, 255, 1000, 1 << 14, 1 << 16}) {
                byte[] key = Samples.bytes(random, algorithm.keyLength());
                byte[] nonce = Samples.bytes(random, algorithm.nonceLength());
                byte[] aad = Samples.bytes(random, random.nextInt(100));
                byte[] plaintext = Samples.bytes(random, length);
                byte[] expected = aeads.get(0).seal(key, nonce, aad, plaintext);
                for (Aead aead : aeads) {
                    assertThat(aead.seal(key, nonce, aad, plaintext)).isEqualTo(expected);
                    assertThat(aead.open(key, nonce, aad, expected)).isEqualTo(plaintext);
                }
            }
        }
    }

    /** Replayed computations do that; JCA ciphers refuse it. */
    @ParameterizedTest
    @MethodSource("aeads")
    void takesAKeyAndNonceAgain(Aead aead) throws Exception {
        byte[] key = new byte[aead.keyLength()];
        byte[] nonce = new byte[aead.nonceLength()];
        byte[] plaintext = {1, 2, 3};
        byte[] sealed = aead.seal(key, nonce, new byte[0], plaintext);
        for (int i = 0; i < 3; i++) {
            assertThat(aead.seal(key, nonce, new byte[0], plaintext)).isEqualTo(sealed);
            assertThat(aead.open(key, nonce, new byte[0], sealed)).isEqualTo(plaintext);
            assertThat(aead.open(key, nonce, new byte[0], sealed)).isEqualTo(plaintext);
        }
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void refusesWhateverWasChanged(Aead aead) throws Exception {
        Random random = Samples.random("AeadContractTest.tampering");
        byte[] key = Samples.bytes(random, aead.keyLength());
        byte[] nonce = Samples.bytes(random, aead.nonceLength());
        byte[] aad = Samples.bytes(random, 20);
        byte[] plaintext = Samples.bytes(random, 40);
        byte[] sealed = aead.seal(key, nonce, aad, plaintext);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            assertRefused(aead, key, nonce, aad, Samples.flip(sealed, bit));
        }
        assertRefused(aead, Samples.flip(key, 3), nonce, aad, sealed);
        assertRefused(aead, key, Samples.flip(nonce, 3), aad, sealed);
        assertRefused(aead, key, nonce, Samples.flip(aad, 3), sealed);
        assertRefused(aead, key, nonce, new byte[0], sealed);
        assertRefused(aead, key, nonce, aad, Arrays.copyOf(sealed, sealed.length + 1));
        for (int length = 0; length < sealed.length; length++) {
            assertRefused(aead, key, nonce, aad, Arrays.copyOf(sealed, length));
        }
        // A refusal leaves nothing behind.
        assertThat(aead.open(key, nonce, aad, sealed)).isEqualTo(plaintext);
    }

    private static void assertRefused(Aead aead, byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext) {
        assertThatThrownBy(() -> aead.open(key, nonce, aad, ciphertext))
                .isInstanceOfSatisfying(
                        CryptoException.class,
                        e -> assertThat(e.reason()).isEqualTo(CryptoException.Reason.DECRYPTION_FAILED));
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void readsRangesOnlyAndLeavesItsInputsAlone(Aead aead) throws Exception {
        byte[] key = new byte[aead.keyLength()];
        byte[] nonce = new byte[aead.nonceLength()];
        byte[] aad = {9};
        byte[] in = {0, 0, 1, 2, 3, 0};
        byte[] sealed = aead.seal(key, nonce, aad, in, 2, 3);
        assertThat(sealed).isEqualTo(aead.seal(key, nonce, aad, new byte[] {1, 2, 3}));
        byte[] framed = new byte[sealed.length + 7];
        System.arraycopy(sealed, 0, framed, 4, sealed.length);
        assertThat(aead.open(key, nonce, aad, framed, 4, sealed.length)).containsExactly(1, 2, 3);
        assertThat(in).containsExactly(0, 0, 1, 2, 3, 0);
        assertThat(key).containsOnly(0);
        assertThatThrownBy(() -> aead.seal(key, nonce, aad, in, 4, 3)).isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void refusesKeysAndNoncesOfOtherLengths(Aead aead) {
        byte[] nonce = new byte[aead.nonceLength()];
        byte[] key = new byte[aead.keyLength()];
        assertThatThrownBy(() -> aead.seal(new byte[aead.keyLength() - 1], nonce, new byte[0], new byte[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> aead.seal(key, new byte[aead.nonceLength() + 1], new byte[0], new byte[1]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
