package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.coppice.delivery.api.CertifiedClient;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who gets a certificate, and who does not. */
class EnrolmentTest extends AuthorityTestBase {
    @Test
    @Tag("A-4-01")
    @Tag("A-7-01")
    @Tag("A-8.4.3-02")
    @Tag("A-2.2-01")
    void certifiesTheClientAndKeyOfARequestForEverySignatureAlgorithm() throws Exception {
        Authority authority = authority();
        for (String algorithm : TestRequest.ALGORITHMS) {
            UserName user = user("alice");
            TestRequest request = TestRequest.of(algorithm, user + "/laptop");
            IssuedChain chain = enrol(authority, user, request);
            X509Certificate certificate = certificate(chain);
            certificate.verify(authority.anchor().getPublicKey());
            assertThat(CertifiedClient.of(certificate)).contains(new ClientId(user, "laptop"));
            assertThat(certificate.getPublicKey().getEncoded())
                    .isEqualTo(request.keys().getPublic().getEncoded());
            assertThat(certificate.getSubjectX500Principal().getName()).isEmpty();
            assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
            assertThat(chain.certificates()).hasSize(1);
            assertThat(certificate.getNotAfter().toInstant())
                    .isEqualTo(clock.instant().plus(Duration.ofDays(90)));
            // What MLS makes of it.
            authority.validator().validate(List.of(claim(chain, request)));
            assertThat(authority.validator().identity(claim(chain, request)))
                    .isEqualTo(new ClientId(user, "laptop").identity());
        }
    }

    @Test
    void aCodeIsTypedAsPeopleType() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        String code = authority.makeCode(user, Optional.empty()).code();
        assertThat(code).matches("([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}");
        String typed = code.toUpperCase(Locale.ROOT)
                .replace('-', ' ')
                .replace('0', 'O')
                .replace('1', 'l');
        assertThatCode(() ->
                        authority.enrolByCode(TestRequest.of(user + "/laptop").der(), typed))
                .doesNotThrowAnyException();
    }

    @Test
    void aCodeIsGoodOnce() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        String code = authority.makeCode(user, Optional.empty()).code();
        authority.enrolByCode(TestRequest.of(user + "/laptop").der(), code);
        refuses(
                AuthorityRule.CODE_USED,
                () -> authority.enrolByCode(TestRequest.of(user + "/phone").der(), code));
    }

    @Test
    void theSameRequestAgainGetsTheSameCertificate() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        TestRequest request = TestRequest.of(user + "/laptop");
        String code = authority.makeCode(user, Optional.empty()).code();
        IssuedChain first = authority.enrolByCode(request.der(), code);
        clock.pass(Duration.ofDays(2));
        assertThat(authority.enrolByCode(request.der(), code)).isEqualTo(first);
    }

    @Test
    void anExpiredCodeIsRefused() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        String code = authority.makeCode(user, Optional.empty()).code();
        clock.pass(Duration.ofDays(1));
        refuses(
                AuthorityRule.CODE_EXPIRED,
                () -> authority.enrolByCode(TestRequest.of(user + "/laptop").der(), code));
    }

    @Test
    void aCodeBearsFiveWrongAttempts() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        TestRequest request = TestRequest.of(user + "/laptop");
        String code = authority.makeCode(user, Optional.empty()).code();
        String wrong = code.substring(0, code.length() - 1) + (code.endsWith("7") ? "8" : "7");
        for (int i = 0; i < 4; i++) {
            refuses(AuthorityRule.CODE_UNKNOWN, () -> authority.enrolByCode(request.der(), wrong));
        }
        String other = authority.makeCode(user, Optional.empty()).code();
        for (int i = 0; i < 5; i++) {
            refuses(
                    AuthorityRule.CODE_UNKNOWN,
                    () -> authority.enrolByCode(request.der(), other.substring(0, other.length() - 5) + "zzzzz"));
        }
        refuses(AuthorityRule.CODE_UNKNOWN, () -> authority.enrolByCode(request.der(), other));
        assertThatCode(() -> authority.enrolByCode(request.der(), code)).doesNotThrowAnyException();
    }

    @Test
    void aCodeIsForItsUserAndDevice() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        String anyDevice = authority.makeCode(user, Optional.empty()).code();
        refuses(
                AuthorityRule.WRONG_SUBJECT,
                () -> authority.enrolByCode(
                        TestRequest.of(user("mallory") + "/laptop").der(), anyDevice));
        String phone = authority.makeCode(user, Optional.of("phone")).code();
        refuses(
                AuthorityRule.WRONG_SUBJECT,
                () -> authority.enrolByCode(TestRequest.of(user + "/laptop").der(), phone));
        assertThatCode(() ->
                        authority.enrolByCode(TestRequest.of(user + "/phone").der(), phone))
                .doesNotThrowAnyException();
    }

    @Test
    void aRefusedRequestLeavesTheCodeUnused() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        TestRequest taken = TestRequest.of(user + "/laptop");
        enrol(authority, user, taken);
        String code = authority.makeCode(user, Optional.empty()).code();
        refuses(
                AuthorityRule.CLIENT_ENROLLED,
                () -> authority.enrolByCode(TestRequest.of(user + "/laptop").der(), code));
        refuses(
                AuthorityRule.KEY_TAKEN,
                () -> authority.enrolByCode(taken.naming(user + "/phone").der(), code));
        assertThatCode(() ->
                        authority.enrolByCode(TestRequest.of(user + "/phone").der(), code))
                .doesNotThrowAnyException();
    }

    @Test
    void aKeyBelongsToOneClientForGood() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        TestRequest request = TestRequest.of(user + "/laptop");
        enrol(authority, user, request);
        clock.pass(Duration.ofDays(100));
        UserName other = user("mallory");
        String code = authority.makeCode(other, Optional.empty()).code();
        refuses(
                AuthorityRule.KEY_TAKEN,
                () -> authority.enrolByCode(request.naming(other + "/laptop").der(), code));
    }

    @Test
    void aUserHasSoManyDevicesAndNoMore() throws Exception {
        Authority authority = authority(AuthorityConfig.of(root).withLimits(Duration.ofDays(1), 5, 8, 2));
        UserName user = user("alice");
        enrol(authority, user, TestRequest.of(user + "/one"));
        enrol(authority, user, TestRequest.of(user + "/two"));
        refuses(AuthorityRule.DEVICE_LIMIT, () -> enrol(authority, user, TestRequest.of(user + "/three")));
        authority.revoke(new ClientId(user, "one"), RevocationReason.CESSATION_OF_OPERATION);
        assertThatCode(() -> enrol(authority, user, TestRequest.of(user + "/three")))
                .doesNotThrowAnyException();
    }

    @Test
    void aPresentDeviceLetsAnotherOneIn() throws Exception {
        Authority authority = authority(AuthorityConfig.of(root).withLimits(Duration.ofDays(1), 5, 2, 16));
        UserName user = user("alice");
        ClientId laptop = new ClientId(user, "laptop");
        refuses(AuthorityRule.CLIENT_NOT_ENROLLED, () -> authority.makeCode(laptop, Optional.empty(), tx -> {}));
        enrol(authority, user, TestRequest.of(laptop.toString()));
        String code = authority.makeCode(laptop, Optional.of("phone"), tx -> {}).code();
        authority.enrolByCode(TestRequest.of(user + "/phone").der(), code);
        authority.makeCode(laptop, Optional.empty(), tx -> {});
        authority.makeCode(laptop, Optional.empty(), tx -> {});
        assertThatThrownBy(() -> authority.makeCode(laptop, Optional.empty(), tx -> {}))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(ProblemKind.OVER_LIMIT));
    }

    @Test
    @Tag("A-8.4.3-02")
    void theRequestMustBeSignedWithItsOwnKey() {
        TestRequest request = TestRequest.of("alice/laptop");
        refuses(
                AuthorityRule.REQUEST_PROOF,
                () -> enrolled(request.der(TestRequest.of("alice/laptop").keys(), "Ed25519")));
        for (String algorithm : TestRequest.ALGORITHMS) {
            byte[] der = TestRequest.of(algorithm, "alice/laptop").der().toByteArray();
            // In the middle of the signature.
            der[der.length - 20] ^= 1;
            refuses(AuthorityRule.REQUEST_PROOF, () -> enrolled(Bytes.wrap(der)));
        }
    }

    @Test
    void theSignatureIsByTheHashThatMlsHasForTheCurve() {
        TestRequest request = TestRequest.of("secp384r1", "alice/laptop");
        refuses(AuthorityRule.REQUEST_PROOF, () -> enrolled(request.der(request.keys(), "SHA256withECDSA")));
    }

    @Test
    void keysThatNoSuiteHasAreRefused() {
        refuses(
                AuthorityRule.REQUEST_KEY,
                () -> enrolled(TestRequest.of("RSA", "alice/laptop").der()));
    }

    @Test
    void theRequestNamesOneClientAndNothingElse() {
        TestRequest request = TestRequest.of("alice/laptop");
        GeneralName alice = TestRequest.uri("coppice:alice/laptop");
        List<GeneralName[]> wrong = List.of(
                new GeneralName[0],
                new GeneralName[] {alice, TestRequest.uri("coppice:bob/laptop")},
                new GeneralName[] {alice, new GeneralName(GeneralName.dNSName, "example.org")},
                new GeneralName[] {TestRequest.uri("https://example.org/")},
                new GeneralName[] {TestRequest.uri("coppice:Alice/laptop")},
                new GeneralName[] {TestRequest.uri("coppice:alice")},
                new GeneralName[] {new GeneralName(GeneralName.rfc822Name, "coppice:alice/laptop")});
        for (GeneralName[] names : wrong) {
            refuses(
                    AuthorityRule.REQUEST_NAMES,
                    () -> enrolled(request.naming(names).der()));
        }
    }

    @Test
    void whatIsNoRequestIsRefused() {
        byte[] der = TestRequest.of("alice/laptop").der().toByteArray();
        byte[] trailing = Arrays.copyOf(der, der.length + 1);
        refuses(AuthorityRule.REQUEST_MALFORMED, () -> enrolled(Bytes.wrap(trailing)));
        refuses(AuthorityRule.REQUEST_MALFORMED, () -> enrolled(Bytes.EMPTY));
        for (int length = 1; length < der.length; length += 7) {
            byte[] cut = Arrays.copyOf(der, length);
            refuses(AuthorityRule.REQUEST_MALFORMED, () -> enrolled(Bytes.wrap(cut)));
        }
        byte[] large = Arrays.copyOf(der, 5000);
        refuses(AuthorityRule.REQUEST_MALFORMED, () -> enrolled(Bytes.wrap(large)));
    }

    /** The request is judged before the code, so that any will do. */
    private IssuedChain enrolled(Bytes request) throws Exception {
        return authority().enrolByCode(request, "00000-00000-00000-00000");
    }

    @Test
    void aCodeThatIsNoneIsUnknown() {
        for (String code :
                List.of("", "00000-00000-00000-00000", "00000-00000-00000-0000", "uuuuu-uuuuu-uuuuu-uuuuu")) {
            refuses(
                    AuthorityRule.CODE_UNKNOWN,
                    () -> authority().enrolByCode(TestRequest.of("alice/laptop").der(), code));
        }
    }
}
