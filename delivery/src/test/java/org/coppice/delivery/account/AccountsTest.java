package org.coppice.delivery.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Voucher;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.contract.Servers;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.group.MlsClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is let in, and who is not. */
class AccountsTest {
    private static final ClientId LAPTOP = ClientId.parse("alice/laptop");
    private static final ClientId PHONE = ClientId.parse("alice/phone");

    private final MutableClock clock = new MutableClock();
    private DeliveryService service;

    /** A clock that goes when it is told to. */
    private static final class MutableClock extends Clock {
        private Instant now = Instant.now();

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void start() {
        service = open(RegistrationPolicy.OPEN);
    }

    private DeliveryService open(RegistrationPolicy policy) {
        AccountConfig accounts = new AccountConfig(
                policy, Set.of(Servers.AUDIENCE), Optional.empty(), Duration.ofMinutes(2), Duration.ofHours(1));
        DeliveryConfig config = Servers.config()
                .withAccounts(accounts)
                .withAmbient(new DeliveryConfig.Ambient(clock, Randomness.system(), Workers.sequential()));
        return Servers.open(Servers.sqlite(), config);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private static MlsClient keys(ClientId client) {
        return Device.mls(client, HandshakePolicy.PUBLIC);
    }

    private static RegisteredCredential credential(ClientId named, MlsClient keys) {
        return new RegisteredCredential(
                Device.SUITE, named.basicCredential(), keys.signer().publicKey());
    }

    private LoginProof proof(ClientId client, MlsClient keys, String audience) throws Exception {
        Bytes challenge = service.challenge();
        Bytes signature = LoginStatement.of(audience, challenge, client).sign(keys.crypto(), keys.signer());
        return new LoginProof(client, credential(client, keys), Optional.of(audience), challenge, signature);
    }

    private LoginProof proof(ClientId client, MlsClient keys) throws Exception {
        return proof(client, keys, Servers.AUDIENCE);
    }

    private static void refuses(ProblemKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    @Tag("A-3.2-01")
    void registersLogsInAndKnowsTheToken() throws Exception {
        MlsClient keys = keys(LAPTOP);
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(LAPTOP, keys)));
        Grant first = service.register(proof(LAPTOP, keys), Optional.empty());
        Grant second = service.login(proof(LAPTOP, keys));
        for (Grant grant : new Grant[] {first, second}) {
            assertThat(service.authenticate(grant.token()).client()).isEqualTo(LAPTOP);
        }
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.authenticate("guess"));
        service.logOut(LAPTOP);
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.authenticate(first.token()));
    }

    @Test
    void takesEachChallengeOnceAndInTimeOnly() throws Exception {
        MlsClient keys = keys(LAPTOP);
        LoginProof proof = proof(LAPTOP, keys);
        service.register(proof, Optional.empty());
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof));
        LoginProof late = proof(LAPTOP, keys);
        clock.pass(Duration.ofMinutes(3));
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(late));
        byte[] own = service.challenge().toByteArray();
        own[0] ^= 1;
        Bytes forged = Bytes.wrap(own);
        Bytes signature = LoginStatement.of(Servers.AUDIENCE, forged, LAPTOP).sign(keys.crypto(), keys.signer());
        refuses(
                ProblemKind.UNAUTHENTICATED,
                () -> service.login(new LoginProof(
                        LAPTOP, credential(LAPTOP, keys), Optional.of(Servers.AUDIENCE), forged, signature)));
    }

    @Test
    void refusesASignatureForAnotherService() throws Exception {
        MlsClient keys = keys(LAPTOP);
        refuses(
                ProblemKind.UNAUTHENTICATED,
                () -> service.register(proof(LAPTOP, keys, "https://relay.example"), Optional.empty()));
    }

    @Test
    void refusesAnotherKeyOrClientThanTheOneThatSigned() throws Exception {
        MlsClient keys = keys(LAPTOP);
        service.register(proof(LAPTOP, keys), Optional.empty());
        MlsClient other = keys(LAPTOP);
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.login(proof(LAPTOP, other)));
        LoginProof good = proof(LAPTOP, other);
        refuses(
                ProblemKind.UNAUTHENTICATED,
                () -> service.login(new LoginProof(
                        LAPTOP, credential(LAPTOP, keys), good.audience(), good.challenge(), good.signature())));
        refuses(ProblemKind.NOT_ALLOWED, () -> service.register(proof(LAPTOP, other), Optional.empty()));
    }

    @Test
    void refusesACredentialThatNamesAnotherClient() throws Exception {
        MlsClient keys = keys(PHONE);
        LoginProof proof = proof(LAPTOP, keys);
        LoginProof misnamed =
                new LoginProof(LAPTOP, credential(PHONE, keys), proof.audience(), proof.challenge(), proof.signature());
        refuses(ProblemKind.REFUSED, () -> service.register(misnamed, Optional.empty()));
    }

    private Voucher voucher(ClientId sponsor, MlsClient by, ClientId device, MlsClient keys) throws Exception {
        Bytes challenge = service.challenge();
        return new Voucher(
                sponsor,
                new Consent(
                        challenge,
                        ConsentStatement.toRegistration(sponsor, challenge, device, credential(device, keys))
                                .sign(by.crypto(), by.signer())));
    }

    @Test
    void givesAUsersNameToWhoComesFirstAndFurtherDevicesToThoseWhomOneVouchesFor() throws Exception {
        MlsClient laptop = keys(LAPTOP);
        service.register(proof(LAPTOP, laptop), Optional.empty());
        MlsClient phone = keys(PHONE);
        refuses(ProblemKind.NOT_ALLOWED, () -> service.register(proof(PHONE, phone), Optional.empty()));
        ClientId mallory = ClientId.parse("mallory/laptop");
        MlsClient stranger = keys(mallory);
        service.register(proof(mallory, stranger), Optional.empty());
        refuses(
                ProblemKind.NOT_ALLOWED,
                () -> service.register(proof(PHONE, phone), Optional.of(voucher(mallory, stranger, PHONE, phone))));
        service.register(proof(PHONE, phone), Optional.of(voucher(LAPTOP, laptop, PHONE, phone)));
        assertThat(service.session(LAPTOP).clientsOf(LAPTOP.user())).containsExactly(LAPTOP, PHONE);
    }

    /** A stolen token does not do: the word is a signature of a key that the sponsor has in force. */
    @Test
    void takesNoWordButThatOfAKeyInForce() throws Exception {
        MlsClient laptop = keys(LAPTOP);
        service.register(proof(LAPTOP, laptop), Optional.empty());
        MlsClient phone = keys(PHONE);
        refuses(
                ProblemKind.REFUSED,
                () -> service.register(proof(PHONE, phone), Optional.of(voucher(LAPTOP, phone, PHONE, phone))));
        refuses(
                ProblemKind.REFUSED,
                () -> service.register(proof(PHONE, phone), Optional.of(voucher(LAPTOP, laptop, PHONE, keys(PHONE)))));
        ClientId tablet = ClientId.parse("alice/tablet");
        refuses(
                ProblemKind.REFUSED,
                () -> service.register(proof(PHONE, phone), Optional.of(voucher(tablet, laptop, PHONE, phone))));
        assertThat(service.session(LAPTOP).clientsOf(LAPTOP.user())).containsExactly(LAPTOP);
    }

    @Test
    void takesAWordOnceAndInTimeOnly() throws Exception {
        MlsClient laptop = keys(LAPTOP);
        service.register(proof(LAPTOP, laptop), Optional.empty());
        MlsClient phone = keys(PHONE);
        Voucher late = voucher(LAPTOP, laptop, PHONE, phone);
        clock.pass(Duration.ofMinutes(3));
        refuses(ProblemKind.REFUSED, () -> service.register(proof(PHONE, phone), Optional.of(late)));
        Voucher word = voucher(LAPTOP, laptop, PHONE, phone);
        service.register(proof(PHONE, phone), Optional.of(word));
        RequestId request = Device.request();
        service.session(LAPTOP)
                .unregister(
                        request,
                        PHONE,
                        ConsentStatement.toUnregister(LAPTOP, request, PHONE).sign(laptop.crypto(), laptop.signer()));
        refuses(ProblemKind.REFUSED, () -> service.register(proof(PHONE, phone), Optional.of(word)));
    }

    @Test
    void takesNobodyNewWhenItIsClosedOrWantsCertificates() throws Exception {
        for (RegistrationPolicy policy :
                new RegistrationPolicy[] {RegistrationPolicy.CLOSED, RegistrationPolicy.X509_ONLY}) {
            service.close();
            service = open(policy);
            refuses(ProblemKind.NOT_ALLOWED, () -> service.register(proof(LAPTOP, keys(LAPTOP)), Optional.empty()));
        }
    }

    @Test
    void endsTokensWhenTheirTimeIsOver() throws Exception {
        Grant grant = service.register(proof(LAPTOP, keys(LAPTOP)), Optional.empty());
        assertThat(grant.expiresMillis()).isEqualTo(clock.millis() + 3_600_000);
        clock.pass(Duration.ofMinutes(59));
        service.authenticate(grant.token());
        clock.pass(Duration.ofMinutes(2));
        refuses(ProblemKind.UNAUTHENTICATED, () -> service.authenticate(grant.token()));
    }

    @Test
    void keepsTokensOutOfItsDatabaseAndItsLogs() throws Exception {
        Grant grant = service.register(proof(LAPTOP, keys(LAPTOP)), Optional.empty());
        assertThat(grant.toString()).doesNotContain(grant.token());
        Bytes stored = service.engine()
                .read(tx -> tx.first("SELECT hash FROM token", row -> row.bytes(1)))
                .orElseThrow();
        assertThat(stored.toByteArray()).isNotEqualTo(Base64.getUrlDecoder().decode(grant.token()));
    }
}
