package org.coppice.mls.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.CryptoException;

/**
 * What each implementation must compute before it is used: one published case per primitive. They catch a library that is
 * broken, or built for something else, on the machine at hand; the tests go further.
 */
final class KnownAnswers {
    private KnownAnswers() {}

    /** An implementation gave a wrong answer. */
    static final class WrongAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongAnswerException(String what) {
            super("wrong answer in its self-test: " + what);
        }
    }

    /** FIPS 180-4 "abc"; RFC 4231 §4.3. */
    static void check(Hash hash) throws WrongAnswerException {
        String digest;
        String mac;
        switch (hash.algorithm()) {
            case SHA_256:
                digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
                mac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
                break;
            case SHA_384:
                digest =
                        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
                mac =
                        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649";
                break;
            case SHA_512:
                digest = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
                mac = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                        + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
                break;
            default:
                throw new AssertionError(hash.algorithm());
        }
        expect(digest, hash.hash(ascii("abc")), "hash");
        expect(mac, hash.hmac(ascii("Jefe"), ascii("what do ya want for nothing?")), "HMAC");
    }

    /** Key, nonce, additional data and plaintext count up from zero; computed with OpenSSL. */
    static void check(Aead aead) throws WrongAnswerException, CryptoException {
        String expected;
        switch (aead.algorithm()) {
            case AES_128_GCM:
                expected = "936da5cd621ef15343db6b813aae7e07a33708f56866c68bf427b12adfdc9d1388a14fa6";
                break;
            case AES_256_GCM:
                expected = "4703d418c1e0c41c85489d80bde4766293c795276ca4eb9defa9e586121b3490e083a798";
                break;
            case CHACHA20_POLY1305:
                expected = "89fa0a032d12a347bf8a35f89410006cd961a0f49bc7d1dfefd808e977830c8e0b0a8949";
                break;
            default:
                throw new AssertionError(aead.algorithm());
        }
        byte[] key = count(aead.keyLength());
        byte[] nonce = count(aead.nonceLength());
        byte[] aad = count(5);
        byte[] plaintext = count(20);
        byte[] sealed = aead.seal(key, nonce, aad, plaintext);
        expect(expected, sealed, "seal");
        // A replayed computation uses a key and nonce again, which platforms are wary of.
        expect(expected, aead.seal(key, nonce, aad, plaintext), "seal twice");
        if (!Arrays.equals(plaintext, aead.open(key, nonce, aad, sealed))) {
            throw new WrongAnswerException("open");
        }
        sealed[0] ^= 1;
        try {
            aead.open(key, nonce, aad, sealed);
        } catch (CryptoException e) {
            return;
        }
        throw new WrongAnswerException("open accepts what was changed");
    }

    /** RFC 7748 §6.1, §6.2; RFC 5903 §8. */
    static void check(DiffieHellman dh) throws WrongAnswerException, CryptoException {
        String[] answer;
        switch (dh.curve()) {
            case X25519:
                answer = new String[] {
                    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
                    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
                    "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
                    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
                };
                break;
            case X448:
                answer = new String[] {
                    "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d"
                            + "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
                    "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c"
                            + "22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0",
                    "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b430"
                            + "27d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609",
                    "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282b"
                            + "b60c0b56fd2464c335543936521c24403085d59a449a5037514a879d"
                };
                break;
            case P256:
                answer = new String[] {
                    "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
                    "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb82"
                            + "52d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
                    "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc2"
                            + "3e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
                    "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"
                };
                break;
            case P384:
                answer = new String[] {
                    "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee"
                            + "3faef896783ab194",
                    "04667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bd"
                            + "b4c88732aee95f41aa9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f3"
                            + "8eeb9fcff3c2c947dae69b4c634573a81c",
                    "04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336de"
                            + "f96fda41d0774a3571dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1"
                            + "fff83fa40142209dff5eaad96db9e6386c",
                    "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d0"
                            + "9cf5d4a270f59746"
                };
                break;
            case P521:
                answer = new String[] {
                    "0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095aa85a30fe1c295"
                            + "2c6771d937ba9777f5957b2639bab072462f68c27a57382d4a52",
                    "040015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbee1e3bf42e00b8e"
                            + "380aeae57c2d107564941885942af5a7f4601723c4195d176ced3e017cae20b6641d2eeb695786d8"
                            + "c946146239d099e18e1d5a514c739d7cb4a10ad8a788015ac405d7799dc75e7b7d5b6cf2261a6a7f"
                            + "1507438bf01beb6ca3926f9582",
                    "0400d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a219b97c356436adc"
                            + "6e95bb0352f6be64a6c2912d4ef2d0433ced2b6171640012d9460f015c68226383956e3bd066e797"
                            + "b623c27ce0eac2f551a10c2c724d9852077b87220b6536c5c408a1d2aebb8e86d678ae49cb57091f"
                            + "4732296579ab44fcd17f0fc56a",
                    "01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d1427e73ca4baa24"
                            + "0a34786859810c06b3c715a3a8cc3151f2bee417996d19f3ddea"
                };
                break;
            default:
                throw new AssertionError(dh.curve());
        }
        byte[] privateKey = hex(answer[0]);
        byte[] publicKey = dh.publicKey(privateKey);
        expect(answer[1], publicKey, "public key");
        expect(answer[3], dh.agree(privateKey, publicKey, hex(answer[2])), "agreement");
        RawKeyPair fresh = dh.generate();
        expect(Bytes.wrap(dh.publicKey(fresh.privateKey())).toHex(), fresh.publicKey(), "generated public key");
    }

    /** RFC 8032 §7.1 test 2, §7.4 "1 octet"; RFC 6979 §A.2.5 to §A.2.7 "sample". */
    static void check(SignatureScheme scheme) throws WrongAnswerException, CryptoException {
        String[] answer;
        switch (scheme.algorithm()) {
            case ED25519:
                answer = new String[] {
                    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
                };
                break;
            case ED448:
                answer = new String[] {
                    "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463a"
                            + "fbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e",
                    "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c086"
                            + "6aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
                    "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f435"
                            + "2541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cb"
                            + "cee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0f"
                            + "f3348ab21aa4adafd1d234441cf807c03a00"
                };
                break;
            case ECDSA_SECP256R1_SHA256:
                answer = new String[] {
                    "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
                    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc"
                            + "99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
                    "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100"
                            + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
                };
                break;
            case ECDSA_SECP384R1_SHA384:
                answer = new String[] {
                    "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825"
                            + "f872c9ea60d2edf5",
                    "04ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea905586"
                            + "6064a254515480bc138015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9d"
                            + "b1288b231c3ae0d4fe7344fd2533264720",
                    "306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648"
                            + "152e44acf96e36dd1e80fabe4602310099ef4aeb15f178cea1fe40db2603138f130e740a19624526"
                            + "203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"
                };
                break;
            case ECDSA_SECP521R1_SHA512:
                answer = new String[] {
                    "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c"
                            + "70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538",
                    "0401894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45db"
                            + "6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a400493101c962cd4d2fddf78228"
                            + "5e64584139c2f91b47f87ff82354d6630f746a28a0db25741b5b34a828008b22acc23f924faafbd4"
                            + "d33f81ea66956dfeaa2bfdfcf5",
                    "308187024200c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25"
                            + "a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa0241617cce7cf50648"
                            + "06c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff077"
                            + "7b1a20f8ccb1dccc43997f1ee0e44da4a67a"
                };
                break;
            default:
                throw new AssertionError(scheme.algorithm());
        }
        byte[] message = ecdsaOrEddsaMessage(scheme.algorithm());
        byte[] privateKey = hex(answer[0]);
        byte[] publicKey = scheme.publicKey(privateKey);
        expect(answer[1], publicKey, "public key");
        byte[] signature;
        try (SignatureScheme.SigningKey key = scheme.loadPrivate(privateKey, publicKey)) {
            signature = key.sign(message, Randomness.system());
        }
        if (!scheme.algorithm().isEcdsa()) {
            expect(answer[2], signature, "signature");
        }
        SignatureScheme.VerifyingKey key = scheme.loadPublic(publicKey);
        if (!key.verify(message, hex(answer[2])) || !key.verify(message, signature)) {
            throw new WrongAnswerException("verification refuses a good signature");
        }
        message[0] ^= 1;
        if (key.verify(message, signature)) {
            throw new WrongAnswerException("verification accepts another message");
        }
    }

    private static byte[] ecdsaOrEddsaMessage(SignatureAlgorithm algorithm) {
        if (algorithm.isEcdsa()) {
            return ascii("sample");
        }
        return new byte[] {(byte) (algorithm == SignatureAlgorithm.ED25519 ? 0x72 : 3)};
    }

    private static void expect(String hex, byte[] actual, String what) throws WrongAnswerException {
        if (!Arrays.equals(hex(hex), actual)) {
            throw new WrongAnswerException(what);
        }
    }

    private static byte[] count(int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = (byte) i;
        }
        return out;
    }

    private static byte[] hex(String hex) {
        return Bytes.fromHex(hex).toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
