package org.coppice.mls.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.CryptoException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The labelled operations of RFC 9420 §5, against the same computed by hand from bare primitives. */
class SuiteCryptoTest {
    private static final CryptoProvider PROVIDER = CryptoProviders.jdk();

    static Stream<CipherSuite> suites() {
        return CipherSuite.STANDARD.stream();
    }

    private static SuiteCrypto crypto(CipherSuite suite) throws CryptoException {
        return SuiteCrypto.of(suite, PROVIDER, Randomness.system());
    }

    private static byte[] labelled(String label, byte[] content) {
        return new TlsWriter()
                .vector(("MLS 1.0 " + label).getBytes(US_ASCII))
                .vector(content)
                .toByteArray();
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-5.1-01")
    @Tag("R-17-01")
    @Tag("R-17-02")
    void eachStandardSuiteHasThePrimitivesThatTheRegistryNames(CipherSuite suite) throws CryptoException {
        SuiteParts parts = crypto(suite).parts();
        Map<Integer, String> expected = Map.of(
                1, "32 SHA-256 AES-128-GCM Ed25519",
                2, "16 SHA-256 AES-128-GCM ES256",
                3, "32 SHA-256 ChaCha20-Poly1305 Ed25519",
                4, "33 SHA-512 AES-256-GCM Ed448",
                5, "18 SHA-512 AES-256-GCM ES512",
                6, "33 SHA-512 ChaCha20-Poly1305 Ed448",
                7, "17 SHA-384 AES-256-GCM ES384");
        assertThat(parts.kem().id() + " " + parts.hash().algorithm().label() + " "
                        + parts.aead().algorithm().label() + " "
                        + parts.signatures().algorithm().label())
                .isEqualTo(expected.get(suite.value()));
        Secret key = Secret.wrap(new byte[] {1});
        assertThat(crypto(suite).mac(key, Bytes.EMPTY).length())
                .isEqualTo(parts.hash().length());
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-5.1.2-03")
    void signWithLabelSignsPrefixedLabelAndContent(CipherSuite suite) throws CryptoException {
        SuiteCrypto crypto = crypto(suite);
        SignatureKeyPair keys = crypto.generateSignatureKeyPair();
        byte[] content = {1, 2, 3};
        Bytes signature = crypto.signWithLabel(crypto.signer(keys), "Test", Bytes.copyOf(content));
        SignatureScheme.VerifyingKey key =
                crypto.parts().signatures().loadPublic(keys.publicKey().data().toByteArray());
        assertThat(key.verify(labelled("Test", content), signature.toByteArray()))
                .isTrue();
        assertThat(crypto.verifyWithLabel(keys.publicKey(), "Test", Bytes.copyOf(content), signature))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-5.1.2-03")
    void verifyWithLabelRefusesAnotherLabelContentOrKey(CipherSuite suite) throws CryptoException {
        SuiteCrypto crypto = crypto(suite);
        SignatureKeyPair keys = crypto.generateSignatureKeyPair();
        SignatureKeyPair others = crypto.generateSignatureKeyPair();
        Bytes content = Bytes.fromHex("010203");
        Bytes signature = crypto.signWithLabel(crypto.signer(keys), "Test", content);
        assertThat(crypto.verifyWithLabel(keys.publicKey(), "Tess", content, signature))
                .isFalse();
        assertThat(crypto.verifyWithLabel(keys.publicKey(), "Test", Bytes.fromHex("010204"), signature))
                .isFalse();
        assertThat(crypto.verifyWithLabel(others.publicKey(), "Test", content, signature))
                .isFalse();
        SignaturePublicKey none = new SignaturePublicKey(Bytes.fromHex("00"));
        assertThat(crypto.verifyWithLabel(none, "Test", content, signature)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-5.1.2-02")
    void signaturesAreDerSequencesOrTheTwoHalvesOfEddsa(CipherSuite suite) throws CryptoException {
        SuiteCrypto crypto = crypto(suite);
        Bytes signature =
                crypto.signWithLabel(crypto.signer(crypto.generateSignatureKeyPair()), "Test", Bytes.fromHex("01"));
        SignatureAlgorithm algorithm = crypto.parts().signatures().algorithm();
        if (algorithm.isEcdsa()) {
            assertThat(signature.at(0)).isEqualTo((byte) 0x30);
            assertThat(signature.length()).isLessThanOrEqualTo(2 * algorithm.privateLength() + 9);
        } else {
            assertThat(signature.length()).isEqualTo(2 * algorithm.publicLength());
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-5.1.3-01")
    void encryptWithLabelIsHpkeBaseWithLabelAndContextAsInfo(CipherSuite suite) throws CryptoException {
        SuiteCrypto crypto = crypto(suite);
        HpkeKeyPair pair = crypto.generateHpkeKeyPair();
        Bytes context = Bytes.fromHex("c0ffee");
        HpkeCiphertext sealed = crypto.encryptWithLabel(
                pair.publicKey(), crypto.encryptionContext("Test", context), Secret.wrap(new byte[] {7, 8, 9}));
        // The same by bare HPKE: info is label and context, the additional data are empty.
        Hpke hpke = new Hpke(
                crypto.parts().kem(), crypto.parts().hash(), crypto.parts().aead());
        byte[] info = hpke.infoHash(labelled("Test", context.toByteArray()));
        byte[] opened = hpke.open(
                pair.privateKey().exposeCopy(), pair.publicKey().data().toByteArray(), info, sealed);
        assertThat(opened).containsExactly(7, 8, 9);
        assertThatThrownBy(() -> crypto.decryptWithLabel(pair, crypto.encryptionContext("Tess", context), sealed))
                .isInstanceOf(CryptoException.class);
        assertThatThrownBy(() ->
                        crypto.decryptWithLabel(pair, crypto.encryptionContext("Test", Bytes.fromHex("00")), sealed))
                .isInstanceOf(CryptoException.class);
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-5.2-01")
    void refHashHashesLabelAndValueAsVectorsWithoutAPrefix(CipherSuite suite) throws CryptoException {
        SuiteCrypto crypto = crypto(suite);
        byte[] input = new TlsWriter()
                .vector("MLS 1.0 KeyPackage Reference".getBytes(US_ASCII))
                .vector(new byte[] {1, 2})
                .toByteArray();
        assertThat(crypto.refHash("MLS 1.0 KeyPackage Reference", Bytes.fromHex("0102"))
                        .toByteArray())
                .isEqualTo(crypto.parts().hash().hash(input));
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-5.1.1-01")
    @Tag("R-5.1.1-02")
    void keysAreRawBytesOrUncompressedPoints(CipherSuite suite) throws CryptoException {
        SuiteCrypto crypto = crypto(suite);
        Map<Integer, int[]> lengths = Map.of(
                1, new int[] {32, 32},
                2, new int[] {65, 65},
                3, new int[] {32, 32},
                4, new int[] {56, 57},
                5, new int[] {133, 133},
                6, new int[] {56, 57},
                7, new int[] {97, 97});
        Bytes hpke = crypto.generateHpkeKeyPair().publicKey().data();
        Bytes signature = crypto.generateSignatureKeyPair().publicKey().data();
        assertThat(new int[] {hpke.length(), signature.length()}).isEqualTo(lengths.get(suite.value()));
        if (suite.value() == 2 || suite.value() == 5 || suite.value() == 7) {
            assertThat(hpke.at(0)).isEqualTo((byte) 4);
            assertThat(signature.at(0)).isEqualTo((byte) 4);
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    @Tag("R-5.1-02")
    @Tag("R-5.1.1-03")
    void keysThatMustNotBeUsedAreRefused(CipherSuite suite) throws CryptoException {
        SuiteCrypto crypto = crypto(suite);
        int length = crypto.parts().kem().publicKeyLength();
        // All zeros: the point of order 2 or 4 on the Montgomery curves, no point at all on the others.
        HpkePublicKey zero = new HpkePublicKey(Bytes.wrap(new byte[length]));
        assertThatThrownBy(() ->
                        crypto.encryptWithLabel(zero, crypto.encryptionContext("Test", Bytes.EMPTY), Secret.zeros(1)))
                .isInstanceOf(CryptoException.class);
        HpkePublicKey cut = new HpkePublicKey(Bytes.wrap(new byte[length - 1]));
        assertThat(crypto.isValid(cut)).isFalse();
        Bytes good = crypto.generateHpkeKeyPair().publicKey().data();
        if (length != 32 && length != 56) {
            byte[] off = good.toByteArray();
            off[length - 1] ^= 1;
            assertThat(crypto.isValid(new HpkePublicKey(Bytes.wrap(off)))).isFalse();
        }
        assertThat(crypto.isValid(new SignaturePublicKey(Bytes.fromHex("04")))).isFalse();
    }

    @Test
    void aSuiteThatNobodyOffersIsNamedInTheError() {
        assertThatThrownBy(() -> crypto(new CipherSuite(0x0a0a)))
                .isInstanceOfSatisfying(
                        CryptoException.class,
                        e -> assertThat(e.reason()).isEqualTo(CryptoException.Reason.UNSUPPORTED));
    }

    @Test
    @Tag("R-2-01")
    void secretsPrintTheirLengthOnlyAndEndWhenClosed() {
        Secret secret = Secret.wrap(new byte[] {0x41, 0x42});
        assertThat(secret.toString()).isEqualTo("Secret[2 bytes]");
        byte[] array = secret.raw();
        secret.close();
        assertThat(array).containsOnly(0);
        assertThat(secret.toString()).isEqualTo("Secret[wiped]");
        assertThatThrownBy(secret::exposeCopy).isInstanceOf(IllegalStateException.class);
        assertThat(new HpkeKeyPair(Secret.wrap(new byte[3]), new HpkePublicKey(Bytes.EMPTY)).toString())
                .doesNotContain("privateKey");
    }
}
