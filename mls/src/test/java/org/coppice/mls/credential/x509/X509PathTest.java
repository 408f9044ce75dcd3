package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;
import static org.coppice.mls.credential.x509.TestCertificate.CLOCK;
import static org.coppice.mls.credential.x509.TestCertificate.DAY;
import static org.coppice.mls.credential.x509.TestCertificate.NOW;
import static org.coppice.mls.credential.x509.TestCertificate.template;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;

/** From the certificates that were sent to a trust anchor. */
class X509PathTest {
    private final TestCertificate root = TestCertificate.root("CN=root", "Ed25519");
    private final TestCertificate region = root.authority("CN=region");
    private final TestCertificate office = region.authority("CN=office");
    private final TestCertificate alice = office.leaf("CN=alice");
    private final X509CredentialValidator plain = trusting(root).build();

    private static X509CredentialValidator.Builder trusting(TestCertificate anchor) {
        return X509CredentialValidator.builder(CLOCK).trust(anchor.certificate());
    }

    private static CertificateSource holding(TestCertificate... certificates) {
        return CertificateSource.of(
                Stream.of(certificates).map(TestCertificate::certificate).toList());
    }

    @Test
    void acceptsChainsWithAndWithoutTheAnchorsCertificate() throws ValidationException {
        accepts(plain, alice.claim(office, region), alice.claim(office, region, root));
    }

    @Test
    void rejectsCertificatesInTheWrongOrder() {
        String reason = "not the issuer of the certificate before it";

        rejects(plain, "certificate 1: " + reason, alice.claim(region, office));
        rejects(plain, "certificate 2: " + reason, alice.claim(office, root, region));
        rejects(trusting(root).intermediates(holding(office)).build(), reason, alice.claim(region));
    }

    @Test
    void rejectsUnrelatedCertificatesBetweenAndBehind() {
        String reason = "not the issuer of the certificate before it";
        TestCertificate stranger = TestCertificate.root("CN=stranger", "Ed25519");
        TestCertificate impostor = TestCertificate.root("CN=root", "Ed25519");

        rejects(plain, "certificate 3: " + reason, alice.claim(office, region, stranger));
        rejects(plain, "certificate 4: " + reason, alice.claim(office, region, root, stranger));
        rejects(plain, "certificate 2: " + reason, alice.claim(office, stranger, region));
        rejects(plain, "certificate 3: " + reason, alice.claim(office, region, impostor));
    }

    @Test
    void rejectsRepeatedCertificates() {
        rejects(plain, "certificate 4: not the issuer", alice.claim(office, region, root, root));
    }

    @Test
    void rejectsChainsThatLackAnIssuer() {
        rejects(plain, "no path to a trust anchor", alice.claim());
        rejects(plain, "no path to a trust anchor", alice.claim(office));
    }

    @Test
    void completesChainsFromTheStore() throws ValidationException {
        X509CredentialValidator completing =
                trusting(root).intermediates(holding(region, office)).build();

        accepts(completing, alice.claim(), alice.claim(office), alice.claim(office, region));
    }

    @Test
    void doesNotTrustTheStore() {
        TestCertificate other = TestCertificate.root("CN=other", "Ed25519");

        rejects(
                trusting(other).intermediates(holding(root, region, office)).build(),
                "no path to a trust anchor",
                alice.claim());
    }

    @Test
    void passesOverStoredCertificatesThatDoNotLeadToAnAnchor() throws ValidationException {
        KeyPair officeKeys = office.keys();
        TestCertificate expired = template("CN=office", "Ed25519")
                .authority()
                .keys(officeKeys)
                .valid(NOW.minus(DAY), NOW.minusSeconds(1))
                .issuedBy(region);
        TestCertificate namesake = region.authority("CN=office");
        TestCertificate lost = template("CN=office", "Ed25519")
                .authority()
                .keys(officeKeys)
                .issuedBy(TestCertificate.root("CN=lost", "Ed25519"));

        accepts(
                trusting(root)
                        .intermediates(holding(expired, namesake, lost, office, region))
                        .build(),
                alice.claim());
        rejects(
                trusting(root)
                        .intermediates(holding(namesake, lost, expired, region))
                        .build(),
                "certificate 1: expired",
                alice.claim());
    }

    @Test
    void ignoresWhatAStoreGivesForAnotherName() throws ValidationException {
        List<X509Certificate> everything = new ArrayList<>(
                Collections.nCopies(40, root.leaf("CN=someone else").certificate()));
        everything.addAll(List.of(root.certificate(), office.certificate(), region.certificate()));
        CertificateSource careless = subject -> everything;

        accepts(trusting(root).intermediates(careless).build(), alice.claim());
    }

    @Test
    void stopsAtTheAnchorNearestToTheEndEntity() throws ValidationException {
        accepts(trusting(region).build(), alice.claim(office), alice.claim(office, region, root));
        accepts(trusting(office).build(), alice.claim(), alice.claim(office, region, root));
    }

    @Test
    void acceptsTheCrossSignedCertificateOfAnAnchor() throws ValidationException {
        TestCertificate oldRoot = TestCertificate.root("CN=old root", "Ed25519");
        TestCertificate crossSigned = template("CN=root", "Ed25519")
                .authority()
                .keys(root.keys())
                .valid(NOW.minus(DAY), NOW.minusSeconds(1))
                .issuedBy(oldRoot);

        accepts(plain, alice.claim(office, region, crossSigned));
        accepts(plain, alice.claim(office, region, crossSigned, oldRoot));
    }

    @Test
    void boundsTheCertificatesOfACredential() throws ValidationException {
        X509CredentialValidator narrow = trusting(root).limits(3, 1 << 14).build();

        accepts(narrow, alice.claim(office, region));
        rejects(narrow, "4 certificates, limit 3", alice.claim(office, region, root));
    }

    @Test
    void boundsThePathThatTheStoreCompletes() throws ValidationException {
        CertificateSource store = holding(region, office);

        accepts(trusting(root).intermediates(store).limits(3, 1 << 14).build(), alice.claim());
        rejects(
                trusting(root).intermediates(store).limits(2, 1 << 14).build(),
                "no path to a trust anchor",
                alice.claim());
    }

    @Test
    void boundsTheWorkOnAStoreFullOfNamesakes() {
        List<X509Certificate> namesakes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            namesakes.add(template("CN=loop", "Ed25519")
                    .authority()
                    .keys(office.keys())
                    .issuedBy(new TestCertificate(new X500Name("CN=loop"), office.keys(), "Ed25519", null))
                    .certificate());
        }
        TestCertificate member = template("CN=alice", "Ed25519")
                .issuedBy(new TestCertificate(new X500Name("CN=loop"), office.keys(), "Ed25519", null));
        int[] asked = {0};
        CertificateSource counting = subject -> {
            asked[0]++;
            return CertificateSource.of(namesakes).withSubject(subject);
        };

        // Without a bound, these are the 8!/1! orders of eight certificates that all issue each other.
        rejects(trusting(root).intermediates(counting).build(), "no path", member.claim());
        assertThat(asked[0]).isBetween(2, 33);
    }

    @Test
    void tellsTheReasonOfTheShortestPath() {
        TestCertificate namesake = TestCertificate.root("CN=office", "Ed25519");
        TestCertificate old = template("CN=region", "Ed25519")
                .authority()
                .keys(region.keys())
                .valid(NOW.minus(DAY), NOW.minusSeconds(1))
                .issuedBy(root);
        X509CredentialValidator both = X509CredentialValidator.builder(CLOCK)
                .trust(namesake.certificate(), root.certificate())
                .build();

        rejects(plain, "certificate 2: expired", alice.claim(office, old));
        rejects(both, "invalid signature", alice.claim(office, old));
    }

    @Test
    void doesNotGoInCircles() {
        TestCertificate stranger = TestCertificate.root("CN=stranger", "Ed25519");
        int[] asked = {0};
        CertificateSource counting = subject -> {
            asked[0]++;
            return List.of(stranger.certificate());
        };

        rejects(
                trusting(root).intermediates(counting).build(),
                "no path",
                stranger.leaf("CN=alice").claim());
        assertThat(asked[0]).isEqualTo(2);
    }

    @Test
    void triesEachAnchorOfOneName() throws ValidationException {
        TestCertificate renewed = TestCertificate.root("CN=root", "Ed25519");
        TestCertificate below = renewed.authority("CN=region");
        X509CredentialValidator both = X509CredentialValidator.builder(CLOCK)
                .trust(renewed.certificate(), root.certificate())
                .build();

        accepts(both, alice.claim(office, region), below.leaf("CN=bob").claim(below));
    }
}
