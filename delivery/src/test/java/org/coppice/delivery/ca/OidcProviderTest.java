package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Enrolment with an OpenID provider that is asked over HTTP: where its keys are, and for the keys themselves. */
class OidcProviderTest extends AuthorityTestBase {
    private static final String AUDIENCE = "coppice";

    /** Making RSA keys takes long: each test has these two. */
    private static final RSAKey FIRST = key("first");

    private static final RSAKey SECOND = key("second");

    private final UserName user = user("alice");
    private final TestRequest request = TestRequest.of(user + "/laptop");
    private TestProvider provider;

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        provider = TestProvider.start();
        provider.publish(FIRST);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private Authority provided() throws IOException {
        return authority(AuthorityConfig.of(root).withOidc(OidcConfig.discover(provider.issuer(), AUDIENCE)));
    }

    private JWTClaimsSet.Builder claims(TestRequest of) {
        return new JWTClaimsSet.Builder()
                .issuer(provider.issuer())
                .audience(AUDIENCE)
                .subject("4711")
                .claim("preferred_username", user.value())
                .claim(
                        "nonce",
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(of.keyHash().toByteArray()))
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(5))));
    }

    private static String signed(RSAKey key, JWTClaimsSet.Builder claims) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims.build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static void refusedAs(ProblemKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    @Tag("A-4-01")
    void aTokenByAKeyThatTheProviderPublishesEnrols() throws Exception {
        Authority authority = provided();
        IssuedChain chain = authority.enrolByToken(request.der(), signed(FIRST, claims(request)));
        assertThat(chain.client()).isEqualTo(new ClientId(user, "laptop"));
    }

    @Test
    void aNewKeyOfTheProviderIsFoundAndTheFormerOneIsWorthNothingAnyMore() throws Exception {
        Authority authority = provided();
        authority.enrolByToken(request.der(), signed(FIRST, claims(request)));
        provider.publish(SECOND);
        TestRequest phone = TestRequest.of(user + "/phone");
        authority.enrolByToken(phone.der(), signed(SECOND, claims(phone)));
        TestRequest tablet = TestRequest.of(user + "/tablet");
        String former = signed(FIRST, claims(tablet));
        // The keys are read again at most twice in half a minute, and after that the token is put off, not believed.
        assertThatThrownBy(() -> authority.enrolByToken(tablet.der(), former)).isInstanceOf(DeliveryException.class);
    }

    @Test
    void whatIsWrongInATokenIsRefusedAsWell() throws Exception {
        Authority authority = provided();
        String good = signed(FIRST, claims(request));
        for (String token : new String[] {
            signed(FIRST, claims(request).issuer(provider.issuer() + "/")),
            signed(FIRST, claims(request).audience("other")),
            signed(
                    FIRST,
                    claims(request).expirationTime(Date.from(clock.instant().minus(Duration.ofMinutes(2))))),
            new PlainJWT(claims(request).build()).serialize(),
            good.substring(0, good.lastIndexOf('.') + 1),
            signed(new RSAKey.Builder(SECOND).keyID("first").build(), claims(request)),
        }) {
            refuses(AuthorityRule.TOKEN_INVALID, () -> authority.enrolByToken(request.der(), token));
        }
        authority.enrolByToken(request.der(), good);
    }

    @Test
    void aProviderThatIsAwayPutsOffAndRefusesNobody() throws Exception {
        Authority authority = provided();
        String token = signed(FIRST, claims(request));
        provider.fail(true);
        refusedAs(ProblemKind.UNAVAILABLE, () -> authority.enrolByToken(request.der(), token));
        provider.fail(false);
        Authority another = provided();
        another.enrolByToken(request.der(), token);
    }

    @Test
    void knownKeysServeWhileTheProviderIsAway() throws Exception {
        Authority authority = provided();
        authority.enrolByToken(request.der(), signed(FIRST, claims(request)));
        provider.fail(true);
        TestRequest phone = TestRequest.of(user + "/phone");
        authority.enrolByToken(phone.der(), signed(FIRST, claims(phone)));
    }

    @Test
    void tokensOfMadeUpKeysDoNotMakeTheProviderBusy() throws Exception {
        Authority authority = provided();
        for (int i = 0; i < 20; i++) {
            String token =
                    signed(new RSAKey.Builder(SECOND).keyID("made-up-" + i).build(), claims(request));
            assertThatThrownBy(() -> authority.enrolByToken(request.der(), token))
                    .isInstanceOf(DeliveryException.class);
        }
        assertThat(provider.askedForKeys()).isLessThanOrEqualTo(4);
        authority.enrolByToken(request.der(), signed(FIRST, claims(request)));
    }

    @Test
    void aProviderThatDoesNotSayWhoItIsIsNotTaken() {
        assertThatThrownBy(() -> OidcConfig.discover(provider.issuer() + "/elsewhere", AUDIENCE))
                .isInstanceOf(IOException.class);
        provider.claimToBe("https://id.example.org");
        assertThatThrownBy(() -> OidcConfig.discover(provider.issuer(), AUDIENCE))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aProviderIsNotAskedInClearOverANetwork() {
        for (String issuer : new String[] {"http://id.example.org", "ftp://127.0.0.1", "nothing"}) {
            assertThatThrownBy(() -> OidcConfig.discover(issuer, AUDIENCE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
