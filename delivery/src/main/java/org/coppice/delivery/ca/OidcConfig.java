package org.coppice.delivery.ca;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The OpenID provider whose ID tokens enrol clients.
 *
 * @param issuer the provider, as in the claim {@code iss}
 * @param audience this service's client id at the provider, as in the claim {@code aud}
 * @param keys where the provider's keys are
 * @param userClaim the claim that has the user's name; of {@code email} only a verified address counts
 * @param userSuffix what the claim has to end with and is cut off, such as {@code @example.org}
 * @param boundToKey whether the token has to be made for the very key that is certified: its {@code nonce} is the SHA-256 hash of the
 *     SubjectPublicKeyInfo in base64url without padding. Then a stolen token is of no use
 * @param clockSkew by how much the provider's clock may be off
 */
public record OidcConfig(
        String issuer,
        String audience,
        Keys keys,
        String userClaim,
        Optional<String> userSuffix,
        boolean boundToKey,
        Duration clockSkew) {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 5_000;
    private static final int MAX_BYTES = 1 << 18;

    /** Checks that nothing is missing. */
    public OidcConfig {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(audience, "audience");
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(userClaim, "userClaim");
        Objects.requireNonNull(userSuffix, "userSuffix");
        Objects.requireNonNull(clockSkew, "clockSkew");
    }

    /** {@code preferred_username}, tokens bound to keys, a minute of skew. */
    public static OidcConfig of(String issuer, String audience, Keys keys) {
        return new OidcConfig(
                issuer, audience, keys, "preferred_username", Optional.empty(), true, Duration.ofMinutes(1));
    }

    /**
     * Asks the provider where its keys are (OpenID Connect Discovery 1.0).
     *
     * @param issuer https, or http to this machine
     * @throws IllegalArgumentException if the provider would be asked over a network in clear
     * @throws IOException if it cannot be asked, does not say, or calls itself otherwise
     */
    public static OidcConfig discover(String issuer, String audience) throws IOException {
        requireProtected(URI.create(issuer), "the provider is asked over https");
        try {
            URI keys = OIDCProviderMetadata.resolve(new Issuer(issuer), CONNECT_MILLIS, READ_MILLIS)
                    .getJWKSetURI();
            if (keys == null) {
                throw new IOException("the provider does not say where its keys are");
            }
            return of(issuer, audience, new RemoteKeys(keys));
        } catch (GeneralException e) {
            throw new IOException("the provider cannot be asked for its keys", e);
        }
    }

    private static void requireProtected(URI uri, String otherwise) {
        boolean local = "127.0.0.1".equals(uri.getHost()) || "localhost".equals(uri.getHost());
        if (!"https".equals(uri.getScheme()) && !("http".equals(uri.getScheme()) && local)) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Where keys are. */
    public sealed interface Keys {
        /** The keys, as the library wants them. */
        JWKSource<SecurityContext> source();
    }

    /**
     * Keys that the provider publishes. They are kept for five minutes, asked for again when a token has an unknown key but not more than
     * twice a minute, and used for hours if the provider is away.
     *
     * @param uri https, or http to this machine
     */
    public record RemoteKeys(URI uri) implements Keys {
        /** Throws {@link IllegalArgumentException} if the keys would come over a network in clear. */
        public RemoteKeys {
            requireProtected(uri, "the provider's keys come over https");
        }

        @Override
        public JWKSource<SecurityContext> source() {
            try {
                return JWKSourceBuilder.<SecurityContext>create(
                                uri.toURL(), new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MAX_BYTES))
                        .retrying(true)
                        .outageTolerant(Duration.ofHours(4).toMillis())
                        .build();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("not a URL", e);
            }
        }
    }

    /**
     * Keys that do not change.
     *
     * @param jwks a JWK set in JSON (RFC 7517 §5)
     */
    public record FixedKeys(String jwks) implements Keys {
        /** Throws {@link IllegalArgumentException} if it is no JWK set. */
        public FixedKeys {
            parse(jwks);
        }

        @Override
        public JWKSource<SecurityContext> source() {
            return new ImmutableJWKSet<>(parse(jwks));
        }

        private static JWKSet parse(String jwks) {
            try {
                return JWKSet.parse(jwks).toPublicJWKSet();
            } catch (java.text.ParseException e) {
                throw new IllegalArgumentException("not a JWK set", e);
            }
        }
    }
}
