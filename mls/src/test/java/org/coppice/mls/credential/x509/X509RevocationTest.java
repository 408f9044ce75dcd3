package org.coppice.mls.credential.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.credential.CredentialAssertions.accepts;
import static org.coppice.mls.credential.CredentialAssertions.rejects;
import static org.coppice.mls.credential.x509.TestCertificate.CLOCK;
import static org.coppice.mls.credential.x509.TestCertificate.DAY;
import static org.coppice.mls.credential.x509.TestCertificate.NOW;
import static org.coppice.mls.credential.x509.TestCertificate.template;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathValidator;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Test;

class X509RevocationTest {
    private final TestCertificate root = TestCertificate.root("CN=root", "secp256r1");
    private final TestCertificate authority = root.authority("CN=authority");
    private final TestCertificate alice = authority.leaf("CN=alice");
    private final TestCertificate bob = authority.leaf("CN=bob");

    private X509CredentialValidator.Builder trusting() {
        return X509CredentialValidator.builder(CLOCK).trust(root.certificate());
    }

    private X509CredentialValidator with(X509CRL... lists) {
        return trusting().revocationLists(() -> List.of(lists)).build();
    }

    @Test
    void asksNobodyByDefault() throws ValidationException {
        accepts(trusting().build(), alice.claim(authority));
        accepts(trusting().revocation(RevocationChecker.none()).build(), alice.claim(authority));
    }

    @Test
    void rejectsWhatTheHookTakesForRevoked() throws ValidationException {
        X509CredentialValidator validator = trusting()
                .revocation(chain -> chain.endEntity().equals(alice.certificate()))
                .build();

        accepts(validator, bob.claim(authority));
        rejects(validator, "x509 credential 1, revoked", bob.claim(authority), alice.claim(authority));
    }

    @Test
    void showsTheValidatedChainToTheHook() throws ValidationException {
        AtomicReference<CertificateChain> seen = new AtomicReference<>();
        X509CredentialValidator validator = trusting()
                .intermediates(CertificateSource.of(List.of(authority.certificate())))
                .revocation(chain -> {
                    seen.set(chain);
                    return false;
                })
                .build();

        accepts(validator, alice.claim());

        assertThat(seen.get().certificates()).containsExactly(alice.certificate(), authority.certificate());
        assertThat(seen.get().anchor().getTrustedCert()).isEqualTo(root.certificate());
        assertThat(seen.get().validatedAt()).isEqualTo(NOW);
        assertThat(seen.get()).hasToString("CertificateChain[2 certificates]");
    }

    @Test
    void asksTheHookOnlyAboutValidChains() {
        AtomicInteger asked = new AtomicInteger();
        X509CredentialValidator validator =
                trusting().revocation(chain -> asked.incrementAndGet() < 0).build();

        rejects(validator, "no path", alice.claim());

        assertThat(asked).hasValue(0);
    }

    @Test
    void rejectsWhatARevocationListNames() throws ValidationException {
        X509CredentialValidator validator = with(root.revoking(), authority.revoking(alice));

        accepts(validator, bob.claim(authority));
        rejects(validator, "certificate 0: revoked", alice.claim(authority));
    }

    @Test
    void rejectsChainsThroughARevokedAuthority() {
        rejects(with(root.revoking(authority), authority.revoking()), "certificate 1: revoked", alice.claim(authority));
    }

    @Test
    void rejectsWhenARevocationListIsMissing() {
        rejects(with(root.revoking()), "certificate 0: undetermined revocation status", alice.claim(authority));
        rejects(with(authority.revoking()), "certificate 1: undetermined revocation status", alice.claim(authority));
        rejects(with(), "undetermined revocation status", alice.claim(authority));
    }

    @Test
    void rejectsWhenARevocationListIsOutOfDate() {
        X509CRL old = authority.revokingAt(NOW.minus(DAY.multipliedBy(3)));

        rejects(with(root.revoking(), old), "undetermined revocation status", alice.claim(authority));
    }

    @Test
    void rejectsRevocationListsOfSomeoneElse() {
        TestCertificate impostor = root.authority("CN=authority");

        rejects(with(root.revoking(), impostor.revoking()), "undetermined revocation status", alice.claim(authority));
    }

    @Test
    void takesRevocationListsAnewForEachBatch() throws ValidationException {
        List<X509CRL> lists = new ArrayList<>(List.of(root.revoking(), authority.revoking()));
        X509CredentialValidator validator =
                trusting().revocationLists(() -> List.copyOf(lists)).build();
        accepts(validator, alice.claim(authority));

        lists.set(1, authority.revoking(alice));

        rejects(validator, "revoked", alice.claim(authority));
    }

    @Test
    void worksWithThePlatformsChecker() throws Exception {
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
        checker.setOptions(EnumSet.of(
                PKIXRevocationChecker.Option.PREFER_CRLS,
                PKIXRevocationChecker.Option.NO_FALLBACK,
                PKIXRevocationChecker.Option.ONLY_END_ENTITY));
        X509CredentialValidator validator = trusting()
                .revocationLists(() -> List.of(authority.revoking(alice)))
                .platformRevocation(checker)
                .build();

        accepts(validator, bob.claim(authority));
        rejects(validator, "certificate 0: revoked", alice.claim(authority));
    }

    @Test
    void keepsThePlatformsCheckerAsItWasHandedIn() throws Exception {
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
        checker.setOptions(
                EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        X509CredentialValidator validator = trusting()
                .revocationLists(() -> List.of(authority.revoking()))
                .platformRevocation(checker)
                .build();

        checker.setOptions(EnumSet.of(
                PKIXRevocationChecker.Option.PREFER_CRLS,
                PKIXRevocationChecker.Option.NO_FALLBACK,
                PKIXRevocationChecker.Option.ONLY_END_ENTITY));

        rejects(validator, "certificate 1: undetermined revocation status", alice.claim(authority));
    }

    /** Both lists of addresses lead to a socket here, where nobody may knock. */
    @Test
    void fetchesNothingByItself() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            GeneralName address = new GeneralName(
                    GeneralName.uniformResourceIdentifier, "http://127.0.0.1:" + server.getLocalPort() + "/authority");
            TestCertificate pointing = template("CN=pointing", "secp256r1")
                    .extension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                        new DistributionPoint(new DistributionPointName(new GeneralNames(address)), null, null)
                    }))
                    .extension(
                            Extension.authorityInfoAccess,
                            false,
                            new AuthorityInformationAccess(new AccessDescription[] {
                                new AccessDescription(AccessDescription.id_ad_ocsp, address),
                                new AccessDescription(AccessDescription.id_ad_caIssuers, address)
                            }))
                    .issuedBy(authority);
            server.setSoTimeout(300);

            accepts(trusting().build(), pointing.claim(authority));
            rejects(trusting().build(), "no path", pointing.claim());
            rejects(with(root.revoking()), "undetermined revocation status", pointing.claim(authority));

            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
