package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
        IssuedChain next = authority.renew(laptop, second.der());
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
        assertThat(authority.renew(laptop, request.der())).isEqualTo(first);
        clock.pass(Duration.ofDays(2));
        assertThat(authority.renew(laptop, request.der()).expiresMillis())
                .isEqualTo(clock.instant().plus(Duration.ofDays(90)).toEpochMilli());
    }

    @Test
    @Tag("A-8.3-05")
    void onlyItsOwnCertificateIsRenewedAndOnlyWhileItIsValid() throws Exception {
        Authority authority = authority();
        UserName user = user("alice");
        ClientId laptop = new ClientId(user, "laptop");
        ClientId phone = new ClientId(user, "phone");
        refuses(
                AuthorityRule.CLIENT_NOT_ENROLLED,
                () -> authority.renew(laptop, TestRequest.of(laptop.toString()).der()));
        enrol(authority, user, TestRequest.of(laptop.toString()));
        enrol(authority, user, TestRequest.of(phone.toString()));
        refuses(
                AuthorityRule.WRONG_SUBJECT,
                () -> authority.renew(laptop, TestRequest.of(phone.toString()).der()));
        clock.pass(Duration.ofDays(91));
        refuses(
                AuthorityRule.CLIENT_NOT_ENROLLED,
                () -> authority.renew(laptop, TestRequest.of(laptop.toString()).der()));
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
