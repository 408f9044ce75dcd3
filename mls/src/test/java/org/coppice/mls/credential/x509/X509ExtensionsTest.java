package org.coppice.mls.credential.x509;

import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;
import static org.coppice.mls.credential.x509.TestCertificate.CLOCK;
import static org.coppice.mls.credential.x509.TestCertificate.template;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;

/** What the extensions of a chain allow. */
class X509ExtensionsTest {
    private final TestCertificate root = TestCertificate.root("CN=root", "secp256r1");
    private final TestCertificate authority = root.authority("CN=authority");
    private final TestCertificate alice = authority.leaf("CN=alice");
    private final X509CredentialValidator validator =
            X509CredentialValidator.builder(CLOCK).trust(root.certificate()).build();

    @Test
    void rejectsIssuersThatAreNoAuthorities() {
        TestCertificate mallory = alice.leaf("CN=mallory");

        rejects(validator, "certificate 1: not ca cert", mallory.claim(alice, authority));
    }

    @Test
    void rejectsAuthoritiesWhoseKeyMayNotSignCertificates() {
        TestCertificate weak = template("CN=weak", "Ed25519")
                .extension(Extension.basicConstraints, true, new BasicConstraints(true))
                .usage(KeyUsage.digitalSignature)
                .issuedBy(root);

        rejects(
                validator,
                "certificate 1: invalid key usage",
                weak.leaf("CN=alice").claim(weak));
    }

    @Test
    void acceptsEndEntitiesWithAndWithoutTheRightKeyUsage() throws ValidationException {
        accepts(
                validator,
                template("CN=alice", "Ed25519")
                        .usage(KeyUsage.digitalSignature | KeyUsage.keyAgreement)
                        .issuedBy(authority)
                        .claim(authority),
                alice.claim(authority));
    }

    @Test
    void rejectsKeyUsagesWithoutDigitalSignature() {
        TestCertificate agreement =
                template("CN=alice", "secp256r1").usage(KeyUsage.keyAgreement).issuedBy(authority);

        rejects(validator, "certificate 0: the key usage", agreement.claim(authority));
    }

    @Test
    void rejectsKeyUsagesThatCannotBeRead() {
        TestCertificate odd = template("CN=alice", "secp256r1")
                .extension(Extension.keyUsage, false, new byte[] {4, 1, 0})
                .issuedBy(authority);

        rejects(validator, "", odd.claim(authority));
    }

    @Test
    void rejectsNamesOutsideAnAuthoritysConstraints() throws ValidationException {
        NameConstraints constraints = new NameConstraints(
                new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.dNSName, "example.com"))}, null);
        TestCertificate limited = template("CN=limited", "secp256r1")
                .authority()
                .extension(Extension.nameConstraints, true, constraints)
                .issuedBy(root);

        accepts(
                validator,
                template("CN=alice", "Ed25519")
                        .dns("alice.example.com")
                        .issuedBy(limited)
                        .claim(limited));
        rejects(
                validator,
                "certificate 0: invalid name",
                template("CN=alice", "Ed25519")
                        .dns("alice.example.org")
                        .issuedBy(limited)
                        .claim(limited));
    }

    @Test
    void rejectsPathsBeyondAnAuthoritysPathLength() {
        TestCertificate last = template("CN=last", "secp256r1")
                .extension(Extension.basicConstraints, true, new BasicConstraints(0))
                .issuedBy(root);
        TestCertificate below = last.authority("CN=below");

        rejects(
                validator,
                "certificate 1: path too long",
                below.leaf("CN=alice").claim(below, last));
    }

    @Test
    void rejectsUnknownCriticalExtensions() {
        TestCertificate odd = template("CN=alice", "Ed25519")
                .extension(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, DERNull.INSTANCE)
                .issuedBy(authority);

        rejects(validator, "unrecognized crit ext", odd.claim(authority));
    }

    @Test
    void demandsTheExtendedKeyUsageAskedFor() throws ValidationException {
        String messaging = "1.3.6.1.5.5.7.3.40";
        X509CredentialValidator demanding = X509CredentialValidator.builder(CLOCK)
                .trust(root.certificate())
                .requireExtendedKeyUsage(messaging)
                .build();
        TestCertificate messenger = forUse(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(messaging)));
        TestCertificate any = forUse(KeyPurposeId.anyExtendedKeyUsage);
        TestCertificate server = forUse(KeyPurposeId.id_kp_serverAuth);

        accepts(demanding, messenger.claim(authority), any.claim(authority));
        rejects(demanding, "certificate 0: the extended key usage", server.claim(authority));
        rejects(demanding, "certificate 0: the extended key usage", alice.claim(authority));
        accepts(validator, server.claim(authority));
    }

    private TestCertificate forUse(KeyPurposeId use) {
        return template("CN=alice", "Ed25519")
                .extension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(use))
                .issuedBy(authority);
    }
}
