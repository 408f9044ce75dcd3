package org.coppice.delivery.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.UserName;
import org.junit.jupiter.api.Test;

/** Tokens of an OpenID provider as the ground of an enrolment. */
class OidcTest extends AuthorityTestBase {
    private static final String ISSUER = "https://id.example.org";
    private static final String AUDIENCE = "coppice";

    private final ECKey provider;
    private final UserName user = user("alice");
    private final TestRequest request = TestRequest.of(user + "/laptop");

    OidcTest() throws JOSEException {
        provider = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    }

    private OidcConfig config() {
        return OidcConfig.of(ISSUER, AUDIENCE, new OidcConfig.FixedKeys(new JWKSet(provider).toString()));
    }

    private Authority authority(OidcConfig oidc) {
        return authority(AuthorityConfig.of(root).withOidc(oidc));
    }

    /** What a good token says. */
    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject("4711")
                .claim("preferred_username", user.value())
                .claim("nonce", nonce(request))
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plus(Duration.ofMinutes(5))));
    }

    private static String nonce(TestRequest request) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(request.keyHash().toByteArray());
    }

    private static String signed(ECKey key, JWTClaimsSet.Builder claims) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims.build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private void refused(String token) {
        refuses(AuthorityRule.TOKEN_INVALID, () -> authority(config()).enrolByToken(request.der(), token));
    }

    @Test
    void aTokenEnrolsItsUser() throws Exception {
        IssuedChain chain = authority(config()).enrolByToken(request.der(), signed(provider, claims()));
        assertThat(chain.client()).isEqualTo(new ClientId(user, "laptop"));
        authority().validator().validate(List.of(claim(chain, request)));
    }

    @Test
    void theSameTokenAndRequestGetTheSameCertificateAndNobodyElseGetsOne() throws Exception {
        OidcConfig unbound = new OidcConfig(
                ISSUER,
                AUDIENCE,
                config().keys(),
                "preferred_username",
                Optional.empty(),
                false,
                Duration.ofMinutes(1));
        Authority authority = authority(unbound);
        String token = signed(provider, claims());
        IssuedChain first = authority.enrolByToken(request.der(), token);
        assertThat(authority.enrolByToken(request.der(), token)).isEqualTo(first);
        refuses(
                AuthorityRule.TOKEN_USED,
                () -> authority.enrolByToken(TestRequest.of(user + "/phone").der(), token));
    }

    @Test
    void aTokenOfAnotherIssuerIsRefused() throws Exception {
        refused(signed(provider, claims().issuer("https://id.example.com")));
    }

    @Test
    void aTokenForAnotherAudienceIsRefused() throws Exception {
        refused(signed(provider, claims().audience("other")));
        refused(signed(provider, claims().audience(List.of(AUDIENCE, "other"))));
        refused(signed(provider, claims().audience(List.of(AUDIENCE, "other")).claim("azp", "other")));
        refused(signed(provider, claims().claim("azp", "other")));
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        String token = signed(provider, claims());
        clock.pass(Duration.ofMinutes(7));
        refused(token);
        refused(signed(provider, claims().expirationTime(null)));
    }

    @Test
    void anUnsignedTokenIsRefused() {
        refused(new PlainJWT(claims().build()).serialize());
    }

    @Test
    void aTokenSignedByAnotherKeyIsRefused() throws Exception {
        refused(signed(new ECKeyGenerator(Curve.P_256).keyID("one").generate(), claims()));
        String token = signed(provider, claims());
        String other = signed(provider, claims().subject("0815"));
        refused(token.substring(0, token.lastIndexOf('.')) + other.substring(other.lastIndexOf('.')));
    }

    /** The provider's public key taken for the secret of a MAC: what confused libraries accept. */
    @Test
    void aMacIsNoSignature() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims().build());
        token.sign(new MACSigner(provider.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
        refused(token.serialize());
    }

    @Test
    void aTokenForAnotherKeyIsRefused() throws Exception {
        refused(signed(provider, claims().claim("nonce", nonce(TestRequest.of("alice/laptop")))));
        refused(signed(provider, claims().claim("nonce", null)));
    }

    @Test
    void whatIsNoTokenIsRefused() {
        for (String text : List.of("", ".", "..", "a.b.c", "x".repeat(20_000))) {
            refused(text);
        }
    }

    @Test
    void aTokenOfAnotherUserIsRefused() throws Exception {
        String token = signed(
                provider, claims().claim("preferred_username", user("mallory").value()));
        refuses(AuthorityRule.WRONG_SUBJECT, () -> authority(config()).enrolByToken(request.der(), token));
    }

    @Test
    void theClaimHasToBeAUsersName() throws Exception {
        for (Object name : new Object[] {null, "", "Alice", "alice smith", "alice@example.org"}) {
            String token = signed(provider, claims().claim("preferred_username", name));
            refuses(AuthorityRule.TOKEN_WITHOUT_USER, () -> authority(config()).enrolByToken(request.der(), token));
        }
    }

    @Test
    void aMailAddressCountsIfItIsVerifiedAndOfTheDomain() throws Exception {
        OidcConfig byMail = new OidcConfig(
                ISSUER, AUDIENCE, config().keys(), "email", Optional.of("@example.org"), true, Duration.ofMinutes(1));
        Authority authority = authority(byMail);
        String mail = user + "@example.org";
        for (JWTClaimsSet.Builder wrong : List.of(
                claims().claim("email", mail),
                claims().claim("email", mail).claim("email_verified", false),
                claims().claim("email", user + "@example.com").claim("email_verified", true))) {
            String token = signed(provider, wrong);
            refuses(AuthorityRule.TOKEN_WITHOUT_USER, () -> authority.enrolByToken(request.der(), token));
        }
        String token = signed(provider, claims().claim("email", mail).claim("email_verified", true));
        assertThat(authority.enrolByToken(request.der(), token).client().user()).isEqualTo(user);
    }

    @Test
    void withoutAProviderNoTokenIsTaken() throws Exception {
        String token = signed(provider, claims());
        refuses(AuthorityRule.TOKENS_NOT_TAKEN, () -> authority().enrolByToken(request.der(), token));
    }

    @Test
    void keysDoNotComeInClear() {
        assertThatThrownBy(() -> new OidcConfig.RemoteKeys(URI.create("http://id.example.org/keys")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
