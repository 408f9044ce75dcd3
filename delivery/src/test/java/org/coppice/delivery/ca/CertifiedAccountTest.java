package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.account.AccountConfig;
import org.coppice.delivery.account.Grant;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.account.MemberValidator;
import org.coppice.delivery.account.RegistrationPolicy;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.engine.InterposedEngine;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.ValidationException;
import org.coppice.testkit.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What certificates open and close at the delivery service. */
class CertifiedAccountTest {
    private final SetClock clock = new SetClock();
    private final UserName user = new UserName("alice");
    private final ClientId laptop = new ClientId(user, "laptop");
    private final RootMaker.Root root = RootMaker.make(clock);
    private final InterposedEngine engine = new InterposedEngine(Servers.sqlite());
    private DeliveryService service;
    private Authority authority;

    @BeforeEach
    void start() throws Exception {
        service = over(AccountConfig.open(Set.of(Servers.AUDIENCE)).withRegistration(RegistrationPolicy.X509_ONLY));
        authority = service.authority().orElseThrow();
    }

    /** A node over the one database, which goes with the last of them. */
    private DeliveryService over(AccountConfig accounts) {
        DeliveryConfig config = Servers.config()
                .withAccounts(accounts)
                .withAuthority(AuthorityConfig.of(IssuerKey.of(root.key(), List.of(root.certificate()))))
                .withAmbient(new DeliveryConfig.Ambient(clock, Randomness.system(), Workers.sequential()));
        return Servers.open(engine, config);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private LoginProof proof(TestRequest request, Credential credential) throws Exception {
        Bytes challenge = service.challenge();
        return new LoginProof(
                laptop,
                new RegisteredCredential(Device.SUITE, credential, request.key()),
                Optional.of(Servers.AUDIENCE),
                challenge,
                request.login(LoginStatement.of(Servers.AUDIENCE, challenge, laptop)));
    }

    private IssuedChain enrol(TestRequest request) throws Exception {
        return AuthorityTestBase.enrol(authority, user, request);
    }

    private static void refuses(ProblemKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    @Tag("A-8.4.2-04")
    void whoHasACertificateRegistersAndNobodyElse() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        LoginProof basic = proof(request, laptop.basicCredential());
        refuses(ProblemKind.NOT_ALLOWED, () -> service.register(basic, Optional.empty()));
        Credential credential = enrol(request).credential();
        Grant grant = service.register(proof(request, credential), Optional.empty());
        assertThat(service.authenticate(grant.token()).client()).isEqualTo(laptop);
    }

    @Test
    void aCertificateOfAnotherAuthorityIsWorthNothing() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        RootMaker.Root other = RootMaker.make(clock);
        Authority impostor = new Authority(
                service.engine(),
                Environment.builder()
                        .validator(CredentialValidator.acceptAll())
                        .clock(clock)
                        .build(),
                AuthorityConfig.of(IssuerKey.of(other.key(), List.of(other.certificate()))));
        Credential credential = AuthorityTestBase.enrol(impostor, user, request).credential();
        refuses(ProblemKind.REFUSED, () -> service.register(proof(request, credential), Optional.empty()));
    }

    @Test
    @Tag("A-8.3-04")
    void whoIsRevokedIsOutAtOnceAndStaysOut() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        Credential credential = enrol(request).credential();
        Grant grant = service.register(proof(request, credential), Optional.empty());
        authority.revokeOwn(laptop, laptop, RevocationReason.KEY_COMPROMISE, tx -> {});
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.authenticate(grant.token()));
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(request, credential)));
        refuses(ProblemKind.REFUSED, () -> service.register(proof(request, credential), Optional.empty()));
    }

    /** Who has a certificate or a code of before would come in by it as the client of whoever has the name next. */
    @Test
    void whoseNameWasGivenBackHasNeitherCertificateNorCode() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        Credential credential = enrol(request).credential();
        Grant grant = service.register(proof(request, credential), Optional.empty());
        String code = authority.makeCode(user, Optional.empty()).code();
        assertThat(service.release(user)).containsExactly(laptop);
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.authenticate(grant.token()));
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(request, credential)));
        refuses(ProblemKind.REFUSED, () -> service.register(proof(request, credential), Optional.empty()));
        TestRequest next = TestRequest.of(laptop.toString());
        AuthorityTestBase.refuses(AuthorityRule.CODE_UNKNOWN, () -> authority.enrolByCode(next.der(), code));
        service.register(proof(next, enrol(next).credential()), Optional.empty());
    }

    /** It looked at the certificate before, and the token that it got after was good for a day. */
    @Test
    @Tag("A-8.3-04")
    void whoIsRevokedInTheMiddleOfALoginStaysOut() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        Credential credential = enrol(request).credential();
        service.register(proof(request, credential), Optional.empty());
        engine.beforeNextWrite(this::revoke);
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(request, credential)));
    }

    @Test
    @Tag("A-8.3-04")
    void whoIsRevokedInTheMiddleOfRegisteringStaysOut() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        Credential credential = enrol(request).credential();
        engine.beforeNextWrite(this::revoke);
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.register(proof(request, credential), Optional.empty()));
    }

    /** A credential that nobody can revoke was as good for logging in. */
    @Test
    @Tag("A-8.3-04")
    void aCertificateMakesWayForACertificateOnly() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        service.register(proof(request, enrol(request).credential()), Optional.empty());
        TestRequest other = TestRequest.of(laptop.toString());
        refuses(ProblemKind.NOT_ALLOWED, () -> replace(other, laptop.basicCredential(), request));
        service = over(AccountConfig.open(Set.of(Servers.AUDIENCE)));
        refuses(ProblemKind.NOT_ALLOWED, () -> replace(other, laptop.basicCredential(), request));
        Credential renewed = renew(other, request).credential();
        refuses(ProblemKind.REFUSED, () -> replace(other, renewed, other));
        replace(other, renewed, request);
        assertThatCode(() -> service.login(proof(other, renewed))).doesNotThrowAnyException();
    }

    @Test
    @Tag("A-8.3-04")
    void aCertificateThatIsRevokedMeanwhileReplacesNothing() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        service.register(proof(request, enrol(request).credential()), Optional.empty());
        TestRequest other = TestRequest.of(laptop.toString());
        Credential renewed = renew(other, request).credential();
        engine.beforeNextWrite(() -> revoke(2));
        refuses(ProblemKind.NOT_ALLOWED, () -> replace(other, renewed, request));
    }

    /** The client came before there was an authority, and had a basic credential until it enrolled. */
    @Test
    @Tag("A-8.3-04")
    void aRevocationEndsTheClientsBasicCredentialsToo() throws Exception {
        TestRequest old = TestRequest.of(laptop.toString());
        TestRequest request = TestRequest.of(laptop.toString());
        service = over(AccountConfig.open(Set.of(Servers.AUDIENCE)));
        service.register(proof(old, laptop.basicCredential()), Optional.empty());
        enrol(request);
        assertThatCode(() -> validator().validate(List.of(claim(old, laptop.basicCredential()))))
                .doesNotThrowAnyException();
        revoke();
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(old, laptop.basicCredential())));
        refuses(ProblemKind.NOT_ALLOWED, () -> replace(old, laptop.basicCredential(), old));
        assertThatThrownBy(() -> validator().validate(List.of(claim(old, laptop.basicCredential()))))
                .isInstanceOf(ValidationException.class);
    }

    /** A device that is lost takes its key with it, and nobody else can agree to another one for it. */
    @Test
    @Tag("A-8.3-04")
    void aLostBasicClientIsRevokedByTheOperatorAndComesBackWithACertificate() throws Exception {
        TestRequest lost = TestRequest.of(laptop.toString());
        service = over(AccountConfig.open(Set.of(Servers.AUDIENCE)));
        Grant grant = service.register(proof(lost, laptop.basicCredential()), Optional.empty());
        TestRequest found = TestRequest.of(laptop.toString());
        Credential credential = enrol(found).credential();
        refuses(ProblemKind.NOT_ALLOWED, () -> service.register(proof(found, credential), Optional.empty()));
        revoke();
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.authenticate(grant.token()));
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(lost, laptop.basicCredential())));
        TestRequest fresh = TestRequest.of(laptop.toString());
        service.register(proof(fresh, enrol(fresh).credential()), Optional.empty());
    }

    @Test
    @Tag("A-8.3-04")
    void theOperatorShutsOutAClientThatNeverHadACertificate() throws Exception {
        TestRequest lost = TestRequest.of(laptop.toString());
        service = over(AccountConfig.open(Set.of(Servers.AUDIENCE)));
        Grant grant = service.register(proof(lost, laptop.basicCredential()), Optional.empty());
        revoke(0);
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.authenticate(grant.token()));
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(lost, laptop.basicCredential())));
        refuses(
                ProblemKind.NOT_ALLOWED,
                () -> service.register(proof(lost, laptop.basicCredential()), Optional.empty()));
        TestRequest found = TestRequest.of(laptop.toString());
        service.register(proof(found, enrol(found).credential()), Optional.empty());
    }

    /** Whoever has a certificate could show its key under the bare name, and so go on after a revocation. */
    @Test
    @Tag("A-8.3-04")
    void theKeyOfACertificateIsWorthNothingUnderABasicCredential() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        Credential credential = enrol(request).credential();
        service.register(proof(request, credential), Optional.empty());
        assertThatCode(() -> validator().validate(List.of(claim(request, credential))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> validator().validate(List.of(claim(request, laptop.basicCredential()))))
                .isInstanceOf(ValidationException.class);
    }

    private MemberValidator validator() {
        return new MemberValidator(engine, Optional.of(authority.validator()));
    }

    private static IdentityClaim claim(TestRequest request, Credential credential) {
        return new IdentityClaim(credential, request.key(), IdentityClaim.Event.UPDATE);
    }

    private void replace(TestRequest request, Credential credential, TestRequest former) throws Exception {
        RequestId id = Device.request();
        RegisteredCredential next = new RegisteredCredential(Device.SUITE, credential, request.key());
        CredentialStatement statement = new CredentialStatement(laptop, id, next);
        service.session(laptop)
                .replaceCredential(
                        id, next, request.possession(statement), former.consent(ConsentStatement.to(statement)));
    }

    private IssuedChain renew(TestRequest next, TestRequest present) throws Exception {
        return AuthorityTestBase.renew(authority, laptop, next, present);
    }

    private void revoke() {
        revoke(1);
    }

    private void revoke(int certificates) {
        try {
            assertThat(authority.revoke(laptop, RevocationReason.KEY_COMPROMISE))
                    .isEqualTo(certificates);
        } catch (DeliveryException | IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anExpiredCertificateLetsNobodyIn() throws Exception {
        TestRequest request = TestRequest.of(laptop.toString());
        Credential credential = enrol(request).credential();
        service.register(proof(request, credential), Optional.empty());
        clock.pass(Duration.ofDays(89));
        assertThatCode(() -> service.login(proof(request, credential))).doesNotThrowAnyException();
        clock.pass(Duration.ofDays(2));
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(request, credential)));
    }

    @Test
    void whoseCertificateHasEndedComesBackWithANewOne() throws Exception {
        TestRequest old = TestRequest.of(laptop.toString());
        service.register(proof(old, enrol(old).credential()), Optional.empty());
        TestRequest next = TestRequest.of(laptop.toString());
        IssuedChain early = renew(next, old);
        refuses(ProblemKind.NOT_ALLOWED, () -> service.register(proof(next, early.credential()), Optional.empty()));
        clock.pass(Duration.ofDays(100));
        TestRequest last = TestRequest.of(laptop.toString());
        Credential credential = enrol(last).credential();
        service.register(proof(last, credential), Optional.empty());
        assertThatCode(() -> service.login(proof(last, credential))).doesNotThrowAnyException();
    }
}
