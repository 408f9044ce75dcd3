package org.coppice.cli.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.delivery.ca.AuthorityConfig;
import org.coppice.delivery.ca.IssuerKey;
import org.coppice.delivery.ca.OidcConfig;
import org.coppice.delivery.ca.OperatorToken;
import org.coppice.delivery.server.ServerConfig;
import picocli.CommandLine.Option;

/** Whether and how the server issues certificates. */
final class AuthorityOptions {
    @Option(
            names = "--authority",
            description =
                    "issue certificates to who has a one-time code; the key is made at the first start, in --data")
    private boolean authority;

    @Option(
            names = "--authority-keystore",
            paramLabel = "FILE",
            description = "the authority's key and its chain, PKCS#12, instead of one that is made")
    private Path keyStore;

    @Option(
            names = "--authority-password-file",
            paramLabel = "FILE",
            description = "the password of --authority-keystore is the first line of this file")
    private Path password;

    @Option(
            names = "--oidc-issuer",
            paramLabel = "URL",
            description = "certificates also for ID tokens of this OpenID provider")
    private String oidcIssuer;

    @Option(
            names = "--oidc-audience",
            paramLabel = "TEXT",
            defaultValue = "coppice",
            description = "whom its tokens have to be for (default: coppice)")
    private String oidcAudience;

    @Option(
            names = "--certificate-days",
            paramLabel = "N",
            defaultValue = "90",
            description = "how long certificates are valid; clients renew them (default: 90)")
    private int certificateDays;

    @Option(
            names = "--code-hours",
            paramLabel = "N",
            defaultValue = "24",
            description = "how long a one-time code is valid (default: 24)")
    private int codeHours;

    boolean isOn() {
        return authority || keyStore != null;
    }

    /**
     * @param data where keys are that are made
     * @param operator who makes codes
     */
    ServerConfig apply(ServerConfig config, Path data, Optional<OperatorToken> operator) {
        if (!isOn()) {
            return config;
        }
        try {
            AuthorityConfig defaults = AuthorityConfig.of(key(data));
            AuthorityConfig out = operator.map(defaults::withOperator)
                    .orElse(defaults)
                    .withLifetimes(Duration.ofDays(certificateDays), defaults.listLifetime())
                    .withLimits(
                            Duration.ofHours(codeHours),
                            defaults.codeAttempts(),
                            defaults.openCodes(),
                            defaults.devices());
            return config.withDelivery(config.delivery().withAuthority(withOidc(out)));
        } catch (IOException e) {
            throw CommandFailure.input("the authority cannot start: " + e.getMessage(), "see docs/AUTHENTICATION.md");
        }
    }

    private IssuerKey key(Path data) throws IOException {
        if (keyStore == null) {
            return IssuerKey.openOrCreate(data, Clock.systemUTC());
        }
        if (password == null) {
            throw CommandFailure.usage(
                    "--authority-keystore needs --authority-password-file", "run: coppice serve --help");
        }
        return IssuerKey.open(keyStore, PasswordFile.read(password).toCharArray());
    }

    private AuthorityConfig withOidc(AuthorityConfig config) throws IOException {
        return oidcIssuer == null ? config : config.withOidc(OidcConfig.discover(oidcIssuer, oidcAudience));
    }

    /** What makes a code, for the banner; the token goes through no arguments, which all users of a machine see. */
    static String example(String url, Path token) {
        return "sed 's/^/Operator-Token: /' " + token
                + " | curl -H @- -H 'Content-Type: application/json' -d '{\"user\": \"alice\"}' " + url
                + "/v1/ca/operator/codes";
    }
}
