package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client with a certificate gets the next one. */
class RenewalTest extends AuthorityTestBase {
    @Test
    @Tag("A-6.5-03")
    void aNewKeyIsCertifiedWhileTheOldOneStaysValid() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        ClientId laptop = new ClientId(user, "laptop");
        TestRequest first = TestRequest.of(laptop.toString());
        IssuedChain old = enrol(authority, user, first);
        TestRequest second = TestRequest.of(laptop.toString());
        IssuedChain next = renew(authority, laptop, second, first);
        assertThat(next.client()).isEqualTo(laptop);
        authority.validator().validate(List.of(claim(old, first), claim(next, second)));
        assertThat(authority.validator().isSuccessor(claim(old, first), claim(next, second)))
                .isTrue();
    }

    @Test
    void theSameKeyGetsALaterCertificateOnlyAfterAThirdOfItsTime() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        ClientId laptop = new ClientId(user, "laptop");
        TestRequest request = TestRequest.of(laptop.toString());
        IssuedChain first = enrol(authority, user, request);
        clock.pass(Duration.ofDays(29));
        assertThat(renew(authority, laptop, request, request)).isEqualTo(first);
        clock.pass(Duration.ofDays(2));
        assertThat(renew(authority, laptop, request, request).expiresMillis())
                .isEqualTo(clock.instant().plus(Duration.ofDays(90)).toEpochMilli());
    }

    @Test
    @Tag("A-8.3-05")
    void onlyItsOwnCertificateIsRenewedAndOnlyWhileItIsValid() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        ClientId laptop = new ClientId(user, "laptop");
        ClientId phone = new ClientId(user, "phone");
        TestRequest own = TestRequest.of(laptop.toString());
        refuses(
                AuthorityRule.CLIENT_NOT_ENROLLED,
                () -> renew(authority, laptop, TestRequest.of(laptop.toString()), own));
        enrol(authority, user, own);
        enrol(authority, user, TestRequest.of(phone.toString()));
        refuses(AuthorityRule.WRONG_SUBJECT, () -> renew(authority, laptop, TestRequest.of(phone.toString()), own));
        clock.pass(Duration.ofDays(91));
        refuses(
                AuthorityRule.CLIENT_NOT_ENROLLED,
                () -> renew(authority, laptop, TestRequest.of(laptop.toString()), own));
    }

    /** Whoever had a client's token could get a certificate in its name. */
    @Test
    void aRenewalIsSignedWithTheKeyOfAValidCertificateOfTheClient() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        ClientId laptop = new ClientId(user, "laptop");
        TestRequest own = TestRequest.of(laptop.toString());
        TestRequest phone = TestRequest.of(user + "/phone");
        enrol(authority, user, own);
        enrol(authority, user, phone);
        TestRequest next = TestRequest.of(laptop.toString());
        refuses(AuthorityRule.RENEWAL_CONSENT, () -> renew(authority, laptop, next, next));
        refuses(AuthorityRule.RENEWAL_CONSENT, () -> renew(authority, laptop, next, phone));
        Bytes forAnother = own.consent(ConsentStatement.toRenewal(laptop, own.der()));
        refuses(AuthorityRule.RENEWAL_CONSENT, () -> authority.renew(laptop, next.der(), forAnother));
        renew(authority, laptop, next, own);
        TestRequest last = TestRequest.of(laptop.toString());
        assertThat(renew(authority, laptop, last, next).client()).isEqualTo(laptop);
    }

    /** Each kind of key is verified by a suite of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"Ed448", "secp256r1", "secp384r1", "secp521r1"})
    void aKeyOfAnyKindAgrees(String algorithm) throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        ClientId laptop = new ClientId(user, "laptop");
        TestRequest own = TestRequest.of(algorithm, laptop.toString());
        enrol(authority, user, own);
        assertThat(renew(authority, laptop, TestRequest.of(laptop.toString()), own)
                        .client())
                .isEqualTo(laptop);
    }

    @Test
    void nothingOutlivesTheAuthoritysOwnCertificate() throws Exception {
        Authority authority =
                authority(AuthorityConfig.of(root).withLifetimes(Duration.ofDays(20_000), Duration.ofDays(1)));
        UserName user = user("alice");
        IssuedChain chain = enrol(authority, user, TestRequest.of(user + "/laptop"));
        assertThat(chain.expiresMillis())
                .isEqualTo(authority.anchor().getNotAfter().getTime());
    }
}
