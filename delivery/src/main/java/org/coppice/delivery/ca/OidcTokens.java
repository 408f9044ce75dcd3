package org.coppice.delivery.ca;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.codec.Bytes;

/** Verifies ID tokens (OpenID Connect Core 1.0 §3.1.3.7). Thread safe. */
final class OidcTokens {
    /** Signatures by keys that only the provider has: no {@code none}, and no MAC. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final int MAX_LENGTH = 16 << 10;

    private final OidcConfig config;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    OidcTokens(OidcConfig config, Clock clock) {
        this.config = config;
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHMS, config.keys().source()));
        DefaultJWTClaimsVerifier<SecurityContext> claims =
                new DefaultJWTClaimsVerifier<>(
                        Set.of(config.audience()),
                        new JWTClaimsSet.Builder().issuer(config.issuer()).build(),
                        Set.of("sub", "iat", "exp"),
                        Set.of()) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew((int) config.clockSkew().toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    /**
     * What a good token says.
     *
     * @param user whose it is
     * @param expiresMillis its end
     */
    record Verified(UserName user, long expiresMillis) {}

    /**
     * Verifies a token.
     *
     * @param keyHash of the key that is to be certified
     * @throws DeliveryException refused by a TOKEN rule of {@link AuthorityRule}; {@link ProblemKind#UNAVAILABLE} if the provider's keys
     *     cannot be had
     */
    Verified verify(String token, Bytes keyHash) throws DeliveryException {
        if (token.length() > MAX_LENGTH) {
            throw AuthorityRule.TOKEN_INVALID.refusal();
        }
        try {
            JWTClaimsSet claims = processor.process(token, null);
            checkParty(claims);
            checkBinding(claims, keyHash);
            return new Verified(
                    user(claims),
                    claims.getExpirationTime().getTime() + config.clockSkew().toMillis());
        } catch (KeySourceException e) {
            throw new DeliveryException(
                    Problem.later(
                            ProblemKind.UNAVAILABLE, Duration.ofSeconds(5), "the OpenID provider's keys cannot be had"),
                    e);
        } catch (ParseException | BadJOSEException | JOSEException | RuntimeException e) {
            throw AuthorityRule.TOKEN_INVALID.refusal();
        }
    }

    /** §3.1.3.7, 4 and 5: a token for several audiences says which of them it was given to. */
    private void checkParty(JWTClaimsSet claims) throws DeliveryException, ParseException {
        String party = claims.getStringClaim("azp");
        List<String> audiences = claims.getAudience();
        boolean ours = party == null ? audiences.size() == 1 : party.equals(config.audience());
        if (!ours) {
            throw AuthorityRule.TOKEN_INVALID.refusal();
        }
    }

    private void checkBinding(JWTClaimsSet claims, Bytes keyHash) throws DeliveryException, ParseException {
        String expected = Base64.getUrlEncoder().withoutPadding().encodeToString(keyHash.toByteArray());
        if (config.boundToKey() && !expected.equals(claims.getStringClaim("nonce"))) {
            throw AuthorityRule.TOKEN_INVALID.refusal();
        }
    }

    /** The claim is taken as it is: names that differ only in case may be those of two people. */
    private UserName user(JWTClaimsSet claims) throws DeliveryException, ParseException {
        String name = claims.getStringClaim(config.userClaim());
        String suffix = config.userSuffix().orElse("");
        boolean unverified =
                config.userClaim().equals("email") && !Boolean.TRUE.equals(claims.getBooleanClaim("email_verified"));
        if (name != null && name.endsWith(suffix) && !unverified) {
            String user = name.substring(0, name.length() - suffix.length());
            if (UserName.isValid(user)) {
                return new UserName(user);
            }
        }
        throw AuthorityRule.TOKEN_WITHOUT_USER.refusal();
    }
}
