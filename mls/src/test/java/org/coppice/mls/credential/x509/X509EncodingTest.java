package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;
import static org.coppice.mls.credential.x509.TestCertificate.CLOCK;
import static org.coppice.mls.credential.x509.TestCertificate.template;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bytes a certificate and the key in it may have. */
class X509EncodingTest {
    private final TestCertificate root = TestCertificate.root("CN=root", "Ed25519");
    private final TestCertificate alice = root.leaf("CN=alice");
    private final X509CredentialValidator validator = validating().build();

    private X509CredentialValidator.Builder validating() {
        return X509CredentialValidator.builder(CLOCK).trust(root.certificate());
    }

    /** A claim for alice's key with other certificates. */
    private IdentityClaim sending(Bytes... certificates) {
        return new IdentityClaim(
                new Credential.X509(List.of(certificates)), alice.signatureKey(), IdentityClaim.Event.KEY_PACKAGE);
    }

    @Test
    void rejectsAnEmptyChain() {
        rejects(validator, "0 certificates", sending());
    }

    @Test
    void rejectsBytesBehindACertificate() {
        Bytes longer = new TlsWriter().raw(alice.der()).uint8(0).toBytes();

        rejects(validator, "certificate 0: malformed DER", sending(longer));
        rejects(validator, "certificate 1: malformed DER", sending(alice.der(), longer));
    }

    @Test
    void rejectsBytesMissingFromACertificate() {
        for (int length : new int[] {0, 1, 2, 3, 4, 5, alice.der().length() - 1}) {
            rejects(
                    validator,
                    "certificate 0: malformed DER",
                    sending(alice.der().slice(0, length)));
        }
    }

    @Test
    void rejectsPem() {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(alice.der().toByteArray())
                + "\n-----END CERTIFICATE-----\n";

        rejects(validator, "malformed DER", sending(Bytes.wrap(pem.getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void rejectsLengthsInALongerForm() {
        Bytes der = alice.der();
        assertThat(der.slice(0, 2).toHex()).isEqualTo("3081");
        Bytes longer = new TlsWriter()
                .raw(Bytes.fromHex("308200"))
                .raw(der.slice(2, der.length() - 2))
                .toBytes();

        rejects(validator, "malformed DER", sending(longer));
    }

    @Test
    void rejectsIndefiniteLengths() {
        Bytes der = alice.der();
        Bytes indefinite = new TlsWriter()
                .raw(Bytes.fromHex("3080"))
                .raw(der.slice(3, der.length() - 3))
                .uint16(0)
                .toBytes();

        rejects(validator, "malformed DER", sending(indefinite));
    }

    @Test
    void rejectsUnusedBitsInTheSignature() {
        TestCertificate even = alice;
        // Half of all signatures end in a zero bit, which a lenient reader may take for an unused one.
        while ((even.der().at(even.der().length() - 1) & 1) == 1) {
            even = root.leaf("CN=alice");
        }
        byte[] der = even.der().toByteArray();
        der[der.length - 65] = 1;
        IdentityClaim claim = new IdentityClaim(
                new Credential.X509(List.of(Bytes.wrap(der))), even.signatureKey(), IdentityClaim.Event.KEY_PACKAGE);

        rejects(validator, "certificate 0: malformed DER", claim);
    }

    @Test
    void boundsTheSizeOfACertificate() throws ValidationException {
        Bytes der = alice.der();

        accepts(
                validating()
                        .limits(8, Math.max(der.length(), root.der().length()))
                        .build(),
                alice.claim());
        rejects(
                validating().limits(8, der.length() - 1).build(),
                "certificate 0: " + der.length() + " bytes, limit " + (der.length() - 1),
                alice.claim());
    }

    @Test
    void rejectsOversizedCertificatesByDefault() {
        TestCertificate huge = template("CN=alice", "Ed25519")
                .extension(Extension.subjectDirectoryAttributes, false, new DEROctetString(new byte[1 << 14]))
                .issuedBy(root);

        rejects(validator, "certificate 0: ", huge.claim());
        rejects(validator, "certificate 1: ", alice.claim(huge));
    }

    /** Each byte changed in turn: refused without anything but the declared exception, for all bytes are signed or compared. */
    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x80})
    void rejectsEveryChangedByte(int mask) {
        for (TestCertificate leaf : List.of(
                alice, template("CN=alice", "secp256r1").dns("a.example").issuedBy(root))) {
            byte[] der = leaf.der().toByteArray();
            for (int i = 0; i < der.length; i++) {
                byte[] changed = der.clone();
                changed[i] ^= (byte) mask;
                IdentityClaim claim = new IdentityClaim(
                        new Credential.X509(List.of(Bytes.wrap(changed))),
                        leaf.signatureKey(),
                        IdentityClaim.Event.KEY_PACKAGE);
                assertThat(catchThrowable(() -> validator.validate(List.of(claim))))
                        .as("byte %d", i)
                        .isInstanceOf(ValidationException.class);
                assertThat(validator.identity(claim)).as("byte %d", i).isNotNull();
            }
        }
    }

    @Test
    void rejectsEveryChangedByteOfAnAuthority() throws ValidationException {
        TestCertificate authority = root.authority("CN=authority");
        TestCertificate leaf = authority.leaf("CN=alice");
        accepts(validator, leaf.claim(authority));
        byte[] der = authority.der().toByteArray();
        for (int i = 0; i < der.length; i++) {
            byte[] changed = der.clone();
            changed[i] ^= 0x10;
            IdentityClaim claim = new IdentityClaim(
                    new Credential.X509(List.of(leaf.der(), Bytes.wrap(changed))),
                    leaf.signatureKey(),
                    IdentityClaim.Event.KEY_PACKAGE);
            assertThat(catchThrowable(() -> validator.validate(List.of(claim))))
                    .as("byte %d", i)
                    .isInstanceOf(ValidationException.class);
        }
    }

    @Test
    void rejectsKeysThatAreForAgreement() {
        // The same 32 bytes, said to be an X25519 key.
        Bytes key = alice.signatureKey().data();

        rejects(
                validator,
                Rule.CREDENTIAL_KEY_MISMATCH,
                "no signature algorithm",
                withKey(new AlgorithmIdentifier(EdECObjectIdentifiers.id_X25519), key, key));
    }

    @Test
    void rejectsKeysOfOtherCurvesOfTheSameLength() {
        Bytes key = TestCertificate.root("CN=p", "secp256r1").signatureKey().data();
        AlgorithmIdentifier other =
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256k1);
        AlgorithmIdentifier wider =
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp384r1);

        rejects(validator, Rule.CREDENTIAL_KEY_MISMATCH, "certificate 0: ", withKey(other, key, key));
        rejects(validator, Rule.CREDENTIAL_KEY_MISMATCH, "certificate 0: ", withKey(wider, key, key));
    }

    @Test
    void rejectsRsaKeys() {
        TestCertificate rsa = template("CN=alice", "RSA").issuedBy(root);

        rejects(validator, Rule.CREDENTIAL_KEY_MISMATCH, "no signature algorithm", rsa.claim());
    }

    @Test
    void rejectsParametersWhereTheAlgorithmHasNone() {
        Bytes key = alice.signatureKey().data();
        AlgorithmIdentifier odd = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519, DERNull.INSTANCE);

        rejects(validator, Rule.CREDENTIAL_KEY_MISMATCH, "certificate 0: ", withKey(odd, key, key));
    }

    @Test
    void rejectsCompressedPoints() {
        byte[] point =
                TestCertificate.root("CN=p", "secp256r1").signatureKey().data().toByteArray();
        Bytes compressed = Bytes.wrap(ECNamedCurveTable.getParameterSpec("secp256r1")
                .getCurve()
                .decodePoint(point)
                .getEncoded(true));
        AlgorithmIdentifier p256 =
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);

        rejects(validator, Rule.CREDENTIAL_KEY_MISMATCH, "certificate 0: ", withKey(p256, compressed, compressed));
        rejects(
                validator,
                Rule.CREDENTIAL_KEY_MISMATCH,
                "certificate 0: ",
                withKey(p256, compressed, Bytes.wrap(point)));
    }

    @Test
    void acceptsKeyAlgorithmsThatTheApplicationAdds() throws ValidationException {
        Bytes key = alice.signatureKey().data();
        Bytes x25519 = Bytes.fromHex("300506032b656e");

        accepts(
                validating().keyAlgorithm(x25519, 32).build(),
                withKey(new AlgorithmIdentifier(EdECObjectIdentifiers.id_X25519), key, key));
        rejects(
                validating().keyAlgorithm(x25519, 33).build(),
                Rule.CREDENTIAL_KEY_MISMATCH,
                "not the form",
                withKey(new AlgorithmIdentifier(EdECObjectIdentifiers.id_X25519), key, key));
    }

    /** A good chain whose certificate says {@code key} of {@code algorithm}, for the leaf key {@code claimed}. */
    private IdentityClaim withKey(AlgorithmIdentifier algorithm, Bytes key, Bytes claimed) {
        Bytes leaf = template("CN=alice", "Ed25519")
                .keyInfo(new SubjectPublicKeyInfo(algorithm, key.toByteArray()))
                .derIssuedBy(root);
        return new IdentityClaim(
                new Credential.X509(List.of(leaf)), new SignaturePublicKey(claimed), IdentityClaim.Event.KEY_PACKAGE);
    }
}
