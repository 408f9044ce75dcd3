package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;
import static org.coppice.mls.credential.x509.TestCertificate.CLOCK;
import static org.coppice.mls.credential.x509.TestCertificate.template;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;

class X509IdentityTest {
    private static final GeneralName MAIL = new GeneralName(GeneralName.rfc822Name, "Alice@Example.com");
    private static final GeneralName HOST = new GeneralName(GeneralName.dNSName, "alice.example.com");
    private static final GeneralName URI =
            new GeneralName(GeneralName.uniformResourceIdentifier, "im:alice@example.com");

    private final TestCertificate root = TestCertificate.root("CN=root", "Ed25519");
    private final X509CredentialValidator validator =
            X509CredentialValidator.builder(CLOCK).trust(root.certificate()).build();

    private IdentityClaim named(GeneralName... names) {
        return template("CN=ignored", "Ed25519").names(names).issuedBy(root).claim();
    }

    @Test
    void readsTheIdentityOfACredentialByItself() {
        IdentityClaim claim = named(MAIL);
        assertThat(validator.identity(claim.credential())).contains(validator.identity(claim));
        assertThat(validator.identity(Credential.basic(Bytes.fromHex("0a")))).isEmpty();
        assertThat(validator.identity(new Credential.X509(List.of(Bytes.fromHex("0a")))))
                .isEmpty();
    }

    private Bytes identity(GeneralName... names) {
        return validator.identity(named(names));
    }

    @Test
    void isTheSameForOneSubject() {
        IdentityClaim first = root.leaf("CN=alice,O=Example").claim();
        IdentityClaim second = root.leaf("CN=alice,O=Example").claim();
        IdentityClaim other = root.leaf("CN=bob,O=Example").claim();

        assertThat(validator.identity(first)).isEqualTo(validator.identity(second));
        assertThat(validator.isSuccessor(first, second)).isTrue();
        assertThat(validator.isSuccessor(first, other)).isFalse();
    }

    @Test
    void isTheKindAndTheSubjectWithoutOtherNames() {
        TestCertificate alice = root.leaf("CN=alice");
        byte[] subject = alice.certificate().getSubjectX500Principal().getEncoded();

        assertThat(validator.identity(alice.claim()).toHex())
                .isEqualTo("02" + Bytes.wrap(subject).toHex());
    }

    @Test
    void isTheAlternativeNamesWhereThereAreSome() {
        Bytes uri = Bytes.wrap("im:alice@example.com".getBytes(StandardCharsets.US_ASCII));

        assertThat(identity(URI).toHex()).isEqualTo("01" + "86" + "14" + uri.toHex());
        assertThat(validator.identity(template("CN=other", "Ed25519")
                        .names(URI)
                        .issuedBy(root)
                        .claim()))
                .isEqualTo(identity(URI));
    }

    @Test
    void doesNotDependOnOrderOrRepetition() {
        assertThat(identity(MAIL, HOST, URI))
                .isEqualTo(identity(URI, MAIL, HOST))
                .isEqualTo(identity(URI, MAIL, HOST, URI, MAIL));
    }

    @Test
    void comparesHostsWithoutCaseAndMailboxesWithIt() {
        assertThat(identity(new GeneralName(GeneralName.dNSName, "ALICE.Example.COM")))
                .isEqualTo(identity(HOST));
        assertThat(identity(new GeneralName(GeneralName.rfc822Name, "Alice@EXAMPLE.com")))
                .isEqualTo(identity(MAIL));
        assertThat(identity(new GeneralName(GeneralName.rfc822Name, "alice@example.com")))
                .isNotEqualTo(identity(MAIL));
    }

    @Test
    void differsWithEveryNameAndType() {
        assertThat(List.of(
                        identity(MAIL),
                        identity(HOST),
                        identity(URI),
                        identity(MAIL, HOST),
                        identity(new GeneralName(GeneralName.uniformResourceIdentifier, "alice.example.com")),
                        validator.identity(root.leaf("CN=alice.example.com").claim())))
                .doesNotHaveDuplicates();
    }

    @Test
    void isWhatTheApplicationSays() throws ValidationException {
        CertificateIdentity bySerial = certificate ->
                Optional.of(Bytes.wrap(certificate.getSerialNumber().toByteArray()));
        TestCertificate alice = root.leaf("CN=alice");

        assertThat(with(bySerial).identity(alice.claim()))
                .isEqualTo(Bytes.wrap(alice.certificate().getSerialNumber().toByteArray()));
        assertThat(with(bySerial)
                        .isSuccessor(alice.claim(), root.leaf("CN=alice").claim()))
                .isFalse();
        accepts(with(bySerial), alice.claim());
    }

    private X509CredentialValidator with(CertificateIdentity identity) {
        return X509CredentialValidator.builder(CLOCK)
                .trust(root.certificate())
                .identity(identity)
                .build();
    }

    @Test
    void rejectsCertificatesThatTheApplicationFindsNoIdentityIn() {
        TestCertificate alice = root.leaf("CN=alice");

        rejects(with((X509Certificate certificate) -> Optional.empty()), "certificate 0: no identity", alice.claim());
    }

    @Test
    void rejectsCertificatesThatNameNobody() {
        rejects(validator, "certificate 0: no identity", root.leaf("").claim());
    }

    @Test
    void rejectsAlternativeNamesThatAreEmptyOrMalformed() {
        TestCertificate empty = template("CN=alice", "Ed25519")
                .extension(Extension.subjectAlternativeName, false, new DERSequence())
                .issuedBy(root);
        TestCertificate malformed = template("CN=alice", "Ed25519")
                .extension(Extension.subjectAlternativeName, false, new byte[] {0x30, 3, (byte) 0x82, 5, 'a'})
                .issuedBy(root);

        rejects(validator, "", empty.claim());
        rejects(validator, "", malformed.claim());
    }

    @Test
    void isTheEncodingOfCredentialsThatCannotBeRead() {
        Credential none = new Credential.X509(List.of());
        Credential odd = new Credential.X509(List.of(Bytes.fromHex("3000")));
        Credential basic = Credential.basic(Bytes.fromHex("00"));

        for (Credential credential : List.of(none, odd, basic)) {
            IdentityClaim claim = new IdentityClaim(credential, root.signatureKey(), IdentityClaim.Event.KEY_PACKAGE);
            assertThat(validator.identity(claim)).isEqualTo(Bytes.wrap(credential.encoded()));
        }
    }
}
