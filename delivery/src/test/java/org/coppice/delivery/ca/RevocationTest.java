package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CRLReason;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.engine.InterposedEngine;
import org.coppice.mls.error.ValidationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Certificates that count no more, and the list of them. */
class RevocationTest extends AuthorityTestBase {
    @Test
    @Tag("A-8.3-03")
    @Tag("A-8.3-04")
    @Tag("A-7-01")
    void aRevokedCertificateIsNotValidAndOnTheList() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        TestRequest lost = TestRequest.of(user + "/laptop");
        TestRequest kept = TestRequest.of(user + "/phone");
        IssuedChain lostChain = enrol(authority, user, lost);
        IssuedChain keptChain = enrol(authority, user, kept);
        assertThat(list(authority).getRevokedCertificate(certificate(lostChain)))
                .isNull();
        assertThat(authority.revokeOwn(
                        new ClientId(user, "phone"),
                        new ClientId(user, "laptop"),
                        RevocationReason.KEY_COMPROMISE,
                        tx -> {}))
                .isEqualTo(1);
        assertThatThrownBy(() -> authority.validator().validate(List.of(claim(lostChain, lost))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("revoked");
        authority.validator().validate(List.of(claim(keptChain, kept)));
        X509CRL list = list(authority);
        list.verify(root.certificate().getPublicKey());
        assertThat(list.getRevokedCertificate(certificate(lostChain)).getRevocationReason())
                .isEqualTo(CRLReason.KEY_COMPROMISE);
        assertThat(list.getRevokedCertificate(certificate(keptChain))).isNull();
    }

    @Test
    void nobodyRevokesWhatIsSomebodyElses() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        TestRequest request = TestRequest.of(user + "/laptop");
        IssuedChain chain = enrol(authority, user, request);
        refuses(
                AuthorityRule.WRONG_SUBJECT,
                () -> authority.revokeOwn(
                        new ClientId(user("mallory"), "laptop"),
                        new ClientId(user, "laptop"),
                        RevocationReason.UNSPECIFIED,
                        tx -> {}));
        assertThatCode(() -> authority.validator().validate(List.of(claim(chain, request))))
                .doesNotThrowAnyException();
    }

    @Test
    @Tag("A-8.4.3-08")
    void theKeyGetsNoCertificateAgainButTheClientDoes() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        TestRequest request = TestRequest.of(user + "/laptop");
        enrol(authority, user, request);
        authority.revoke(new ClientId(user, "laptop"), RevocationReason.SUPERSEDED);
        refuses(AuthorityRule.KEY_REVOKED, () -> enrol(authority, user, request));
        refuses(
                AuthorityRule.CLIENT_NOT_ENROLLED,
                () -> renew(authority, new ClientId(user, "laptop"), TestRequest.of(user + "/laptop"), request));
        assertThatCode(() -> enrol(authority, user, TestRequest.of(user + "/laptop")))
                .doesNotThrowAnyException();
    }

    @Test
    void revokingAgainChangesNothing() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        IssuedChain chain = enrol(authority, user, TestRequest.of(user + "/laptop"));
        ClientId laptop = new ClientId(user, "laptop");
        authority.revoke(laptop, RevocationReason.KEY_COMPROMISE);
        X509CRL before = list(authority);
        clock.pass(Duration.ofMinutes(1));
        assertThat(authority.revoke(laptop, RevocationReason.SUPERSEDED)).isZero();
        assertThat(list(authority)).isEqualTo(before);
        assertThat(before.getRevokedCertificate(certificate(chain)).getRevocationReason())
                .isEqualTo(CRLReason.KEY_COMPROMISE);
    }

    @Test
    void theListIsNumberedKeptAndMadeAnewWhenItIsOldOrLacksARevocation() throws Exception {
        Authority authority = authority();
        Authority otherNode = authority();
        X509CRL first = list(authority);
        assertThat(first.getThisUpdate().toInstant()).isEqualTo(clock.instant());
        assertThat(first.getNextUpdate().toInstant()).isEqualTo(clock.instant().plus(Duration.ofDays(1)));
        clock.pass(Duration.ofHours(5));
        assertThat(list(authority)).isEqualTo(first);
        assertThat(list(otherNode)).isEqualTo(first);
        clock.pass(Duration.ofHours(1));
        X509CRL second = list(otherNode);
        assertThat(number(second)).isEqualTo(number(first).add(BigInteger.ONE));
        assertThat(second.getNextUpdate().toInstant()).isEqualTo(clock.instant().plus(Duration.ofDays(1)));
        UserName user = user("alice");
        IssuedChain chain = enrol(authority, user, TestRequest.of(user + "/laptop"));
        authority.revoke(new ClientId(user, "laptop"), RevocationReason.UNSPECIFIED);
        X509CRL third = list(otherNode);
        assertThat(number(third)).isEqualTo(number(second).add(BigInteger.ONE));
        assertThat(third.getRevokedCertificate(certificate(chain))).isNotNull();
        assertThat(list(authority)).isEqualTo(third);
    }

    @Test
    void anotherNodeKnowsAtOnce() throws Exception {
        Authority authority = authority();
        Authority otherNode = authority();
        UserName user = user("alice");
        TestRequest request = TestRequest.of(user + "/laptop");
        IssuedChain chain = enrol(authority, user, request);
        otherNode.validator().validate(List.of(claim(chain, request)));
        authority.revoke(new ClientId(user, "laptop"), RevocationReason.UNSPECIFIED);
        assertThatThrownBy(() -> otherNode.validator().validate(List.of(claim(chain, request))))
                .isInstanceOf(ValidationException.class);
    }

    /** What a slow look saw would have taken the place of what a later one had seen. */
    @Test
    void aRevocationOnceKnownStaysKnown() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        X509Certificate certificate = certificate(enrol(authority, user, TestRequest.of(user + "/laptop")));
        InterposedEngine slow = new InterposedEngine(engine);
        RevocationLists lists = new RevocationLists(
                slow, new CertificateMaker(root, environment.randomness()), root, clock, Duration.ofDays(1));
        slow.afterNextRead(() -> {
            try {
                authority.revoke(new ClientId(user, "laptop"), RevocationReason.UNSPECIFIED);
                lists.learn();
            } catch (DeliveryException | IOException e) {
                throw new AssertionError(e);
            }
        });
        lists.learn();
        assertThat(lists.isRevoked(certificate.getSerialNumber())).isTrue();
    }

    @Test
    void expiredCertificatesLeaveTheListInTheEnd() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        IssuedChain chain = enrol(authority, user, TestRequest.of(user + "/laptop"));
        authority.revoke(new ClientId(user, "laptop"), RevocationReason.UNSPECIFIED);
        clock.pass(Duration.ofDays(91));
        assertThat(list(authority).getRevokedCertificate(certificate(chain))).isNotNull();
        clock.pass(Duration.ofDays(31));
        assertThat(list(authority).getRevokedCertificate(certificate(chain))).isNull();
    }

    private static BigInteger number(X509CRL list) {
        byte[] extension = list.getExtensionValue(Extension.cRLNumber.getId());
        return CRLNumber.getInstance(ASN1OctetString.getInstance(extension).getOctets())
                .getCRLNumber();
    }
}
