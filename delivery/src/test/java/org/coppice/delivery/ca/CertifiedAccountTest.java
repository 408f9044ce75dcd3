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
import org.coppice.delivery.account.RegistrationPolicy;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.contract.Servers;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.environment.Environment;
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
    private final InterposedEngine engine = new InterposedEngine(Servers.sqlite());
    private DeliveryService service;
    private Authority authority;

    @BeforeEach
    void start() throws Exception {
        RootMaker.Root root = RootMaker.make(clock);
        DeliveryConfig config = Servers.config()
                .withAccounts(
                        AccountConfig.open(Set.of(Servers.AUDIENCE)).withRegistration(RegistrationPolicy.X509_ONLY))
                .withAuthority(AuthorityConfig.of(IssuerKey.of(root.key(), List.of(root.certificate()))))
                .withAmbient(new DeliveryConfig.Ambient(clock, Randomness.system(), Workers.sequential()));
        service = Servers.open(engine, config);
        authority = service.authority().orElseThrow();
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
        authority.revokeOwn(laptop, laptop, RevocationReason.KEY_COMPROMISE);
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.authenticate(grant.token()));
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(request, credential)));
        refuses(ProblemKind.REFUSED, () -> service.register(proof(request, credential), Optional.empty()));
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

    private void revoke() {
        try {
            assertThat(authority.revoke(laptop, RevocationReason.KEY_COMPROMISE))
                    .isEqualTo(1);
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
        IssuedChain early = authority.renew(laptop, next.der());
        refuses(ProblemKind.NOT_ALLOWED, () -> service.register(proof(next, early.credential()), Optional.empty()));
        clock.pass(Duration.ofDays(100));
        TestRequest last = TestRequest.of(laptop.toString());
        Credential credential = enrol(last).credential();
        service.register(proof(last, credential), Optional.empty());
        assertThatCode(() -> service.login(proof(last, credential))).doesNotThrowAnyException();
    }
}
