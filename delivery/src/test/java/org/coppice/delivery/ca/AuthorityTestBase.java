package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.engine.Engine;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.environment.Environment;
import org.coppice.testkit.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What tests of the authority share: an authority over each engine, users that nobody else uses, a clock to move. */
@ParameterizedClass(autoCloseArguments = false)
@MethodSource("engines")
abstract class AuthorityTestBase {
    private static final AtomicInteger USERS = new AtomicInteger();
    private static Engine sqlite;
    private static Engine postgres;

    @Parameter
    Engine engine;

    final SetClock clock = new SetClock();
    final IssuerKey root;
    final Environment environment;

    AuthorityTestBase() {
        RootMaker.Root made = RootMaker.make(clock);
        root = IssuerKey.of(made.key(), List.of(made.certificate()));
        environment = Environment.builder()
                .validator(CredentialValidator.acceptAll())
                .clock(clock)
                .build();
    }

    static synchronized Stream<Named<Engine>> engines() {
        if (sqlite == null) {
            sqlite = Servers.sqlite();
            postgres = Servers.postgres();
        }
        return Stream.of(Named.of("SQLite", sqlite), Named.of("PostgreSQL", postgres));
    }

    @AfterEach
    void moveAuthoritiesApart() throws Exception {
        // Lists are numbered per database; the next test's authority has another key and another clock.
        engine.write(tx -> tx.update("DELETE FROM ca_crl"));
    }

    Authority authority() {
        return authority(AuthorityConfig.of(root));
    }

    Authority authority(AuthorityConfig config) {
        return new Authority(engine, environment, config);
    }

    static UserName user(String name) {
        return new UserName(name + "-" + USERS.incrementAndGet());
    }

    /** Enrols a client by a code of the operator. */
    static IssuedChain enrol(Authority authority, UserName user, TestRequest request) throws Exception {
        return authority.enrolByCode(
                request.der(), authority.makeCode(user, Optional.empty()).code());
    }

    /** Renews by the key of a certificate that the client has. */
    static IssuedChain renew(Authority authority, ClientId client, TestRequest next, TestRequest present)
            throws Exception {
        Bytes request = next.der();
        return authority.renew(client, request, present.consent(ConsentStatement.toRenewal(client, request)));
    }

    static void refuses(AuthorityRule rule, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        e -> assertThat(e.problem().rule()).contains(rule.name()));
    }

    static IdentityClaim claim(IssuedChain chain, TestRequest request) {
        return new IdentityClaim(chain.credential(), request.key(), IdentityClaim.Event.KEY_PACKAGE);
    }

    static X509Certificate certificate(IssuedChain chain) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(chain.certificates().get(0).toByteArray()));
    }

    static X509CRL list(Authority authority) throws Exception {
        return (X509CRL) CertificateFactory.getInstance("X.509")
                .generateCRL(new ByteArrayInputStream(authority.revocationList().toByteArray()));
    }
}
