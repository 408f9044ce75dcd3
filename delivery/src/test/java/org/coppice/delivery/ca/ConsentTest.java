package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.account.AccountConfig;
import org.coppice.delivery.account.Accounts;
import org.coppice.delivery.account.Agreement;
import org.coppice.delivery.account.LoginProof;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Consent;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.contract.Servers;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

/** Codes and revocations need the signature of a key that the client has in force: a token, which may be stolen, is not looked at here. */
class ConsentTest extends AuthorityTestBase {
    private Authority authority;
    private Accounts accounts;
    private ClientId laptop;
    private TestRequest keys;

    /** Registered with a certificate. */
    private void start() throws Exception {
        authority = authority();
        accounts = Accounts.open(
                engine,
                environment,
                AccountConfig.open(Set.of(Servers.AUDIENCE)).withAuthority(authority.validator()));
        laptop = new ClientId(user("alice"), "laptop");
        keys = TestRequest.of(laptop.toString());
        Bytes challenge = accounts.challenge();
        accounts.register(
                new LoginProof(
                        laptop,
                        new RegisteredCredential(
                                Device.SUITE,
                                enrol(authority, laptop.user(), keys).credential(),
                                keys.key()),
                        Optional.of(Servers.AUDIENCE),
                        challenge,
                        keys.login(LoginStatement.of(Servers.AUDIENCE, challenge, laptop))),
                Optional.empty());
    }

    private Agreement code(TestRequest signer, Bytes challenge, Optional<String> asked) throws Exception {
        Bytes signature = signer.consent(ConsentStatement.toCode(laptop, challenge, Optional.of("phone")));
        return accounts.requireConsentNow(
                ConsentStatement.toCode(laptop, challenge, asked), new Consent(challenge, signature));
    }

    private static void isNoConsent(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        e -> assertThat(e.problem().rule()).contains("CONSENT"));
    }

    @Test
    void aCodeIsMadeOnceForEachConsent() throws Exception {
        start();
        Agreement agreed = code(keys, accounts.challenge(), Optional.of("phone"));
        String code =
                authority.makeCode(laptop, Optional.of("phone"), agreed::useUp).code();
        isNoConsent(() -> authority.makeCode(laptop, Optional.of("phone"), agreed::useUp));
        authority.enrolByCode(TestRequest.of(laptop.user() + "/phone").der(), code);
    }

    @Test
    void nobodyElsesKeyNoOtherDeviceAndNoOldChallengeCounts() throws Exception {
        start();
        isNoConsent(() -> code(TestRequest.of(laptop.toString()), accounts.challenge(), Optional.of("phone")));
        isNoConsent(() -> code(keys, accounts.challenge(), Optional.empty()));
        isNoConsent(() -> code(keys, Bytes.fromHex("00"), Optional.of("phone")));
        Bytes old = accounts.challenge();
        clock.pass(Duration.ofMinutes(3));
        isNoConsent(() -> code(keys, old, Optional.of("phone")));
    }

    @Test
    void aKeyThatWasRevokedMeanwhileCountsNoMore() throws Exception {
        start();
        Agreement agreed = code(keys, accounts.challenge(), Optional.of("phone"));
        authority.revoke(laptop, RevocationReason.KEY_COMPROMISE);
        isNoConsent(() -> engine.write(tx -> {
            agreed.useUp(tx);
            return null;
        }));
        isNoConsent(() -> authority.revokeOwn(
                laptop, new ClientId(laptop.user(), "phone"), RevocationReason.SUPERSEDED, agreed::requireStill));
    }

    @Test
    void aRevocationMayBeAskedAgain() throws Exception {
        start();
        ClientId phone = new ClientId(laptop.user(), "phone");
        enrol(authority, laptop.user(), TestRequest.of(phone.toString()));
        Bytes challenge = accounts.challenge();
        ConsentStatement statement = ConsentStatement.toRevocation(laptop, challenge, phone, "key-compromise");
        Agreement agreed = accounts.requireConsentNow(statement, new Consent(challenge, keys.consent(statement)));
        assertThat(authority.revokeOwn(laptop, phone, RevocationReason.KEY_COMPROMISE, agreed::requireStill))
                .isEqualTo(1);
        assertThat(authority.revokeOwn(laptop, phone, RevocationReason.KEY_COMPROMISE, agreed::requireStill))
                .isZero();
    }
}
