package org.coppice.testkit.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.coppice.mls.crypto.Hash;
import org.coppice.mls.crypto.HashAlgorithm;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider's hashes, against published answers and the platform's digest and MAC objects. */
class HashContractTest {
    static Stream<Named<Hash>> hashes() {
        return Samples.named(Samples.implementations(HashAlgorithm.values(), p -> p::hash));
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void givesThePublishedHashOfTheEmptyInput(Hash hash) {
        // FIPS 180-4 example values
        String expected = switch (hash.algorithm()) {
            case SHA_256 -> "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
            case SHA_384 ->
                "38b060a751ac96384cd9327eb1b1e36a21fdb71114be0743" + "4c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b";
            case SHA_512 ->
                "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                        + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";
        };
        assertThat(hash.hash(new byte[0])).isEqualTo(Samples.hex(expected));
    }

    /** RFC 4231 §4.2, §4.4, §4.7: a short key, a block-sized message, a key longer than a block. */
    @ParameterizedTest
    @MethodSource("hashes")
    void givesThePublishedMacs(Hash hash) {
        String[] expected = switch (hash.algorithm()) {
            case SHA_256 ->
                new String[] {
                    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
                    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
                };
            case SHA_384 ->
                new String[] {
                    "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
                            + "faea9ea9076ede7f4af152e8b2fa9cb6",
                    "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b"
                            + "2a5ab39dc13814b94e3ab6e101a34f27",
                    "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
                            + "0c2ef6ab4030fe8296248df163f44952"
                };
            case SHA_512 ->
                new String[] {
                    "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                            + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
                    "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
                            + "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
                    "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                            + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
                };
        };
        assertThat(hash.hmac(filled(20, 0x0b), ascii("Hi There"))).isEqualTo(Samples.hex(expected[0]));
        assertThat(hash.hmac(filled(20, 0xaa), filled(50, 0xdd))).isEqualTo(Samples.hex(expected[1]));
        assertThat(hash.hmac(filled(131, 0xaa), ascii("Test Using Larger Than Block-Size Key - Hash Key First")))
                .isEqualTo(Samples.hex(expected[2]));
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void agreesWithThePlatformOnInputsAndKeysOfAllLengths(Hash hash) throws Exception {
        Random random = Samples.random("HashContractTest");
        MessageDigest digest = MessageDigest.getInstance(hash.algorithm().label());
        Mac mac = Mac.getInstance("Hmac" + hash.algorithm().label().replace("-", ""));
        for (int length = 0; length < 300; length++) {
            byte[] in = Samples.bytes(random, length);
            byte[] key = Samples.bytes(random, length);
            assertThat(hash.hash(in)).isEqualTo(digest.digest(in));
            if (length > 0) {
                mac.init(new SecretKeySpec(key, "HMAC"));
                assertThat(hash.hmac(key, in)).isEqualTo(mac.doFinal(in));
            }
        }
        byte[] large = Samples.bytes(random, 1 << 16);
        assertThat(hash.hash(large)).isEqualTo(digest.digest(large));
    }

    /** RFC 5869 §2.2: no salt is the same as a salt of zeros; {@code SecretKeySpec} would refuse it. */
    @ParameterizedTest
    @MethodSource("hashes")
    void takesAnEmptyKeyForZeros(Hash hash) {
        byte[] in = ascii("input");
        assertThat(hash.hmac(new byte[0], in)).isEqualTo(hash.hmac(new byte[hash.length()], in));
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void readsAndWritesRangesOnly(Hash hash) {
        byte[] in = ascii("..input....");
        byte[] key = ascii("key");
        byte[] out = filled(hash.length() + 4, 7);
        hash.hmac(key, in, 2, 5, out, 3);
        assertThat(Arrays.copyOfRange(out, 3, 3 + hash.length())).isEqualTo(hash.hmac(key, ascii("input")));
        assertThat(new byte[] {out[0], out[2], out[3 + hash.length()]}).isEqualTo(filled(3, 7));
        hash.hash(in, 2, 5, out, 3);
        assertThat(Arrays.copyOfRange(out, 3, 3 + hash.length())).isEqualTo(hash.hash(ascii("input")));
        assertThat(in).isEqualTo(ascii("..input...."));
        assertThat(key).isEqualTo(ascii("key"));
    }

    /** HKDF expands in place. */
    @ParameterizedTest
    @MethodSource("hashes")
    void mayWriteItsResultOverItsInput(Hash hash) {
        byte[] key = ascii("key");
        byte[] block = filled(hash.length() + 10, 5);
        byte[] expected = hash.hmac(key, block);
        hash.hmac(key, block, 0, block.length, block, 0);
        assertThat(Arrays.copyOf(block, hash.length())).isEqualTo(expected);
    }

    /** A digest that was fed half a message and then abandoned would spoil the thread's next hash. */
    @ParameterizedTest
    @MethodSource("hashes")
    void isNotSpoiltByACallThatFailed(Hash hash) {
        byte[] key = ascii("key");
        byte[] in = ascii("input");
        byte[] mac = hash.hmac(key, in);
        assertThatThrownBy(() -> hash.hmac(key, in, 0, in.length + 1, new byte[64], 0))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> hash.hmac(key, in, 0, in.length, new byte[hash.length() - 1], 0))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> hash.hash(in, 0, in.length, new byte[hash.length()], 1))
                .isInstanceOf(RuntimeException.class);
        assertThat(hash.hmac(key, in)).isEqualTo(mac);
    }

    private static byte[] filled(int length, int value) {
        byte[] out = new byte[length];
        Arrays.fill(out, (byte) value);
        return out;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
