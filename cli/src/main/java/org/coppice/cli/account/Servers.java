package org.coppice.cli.account;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.client.http.HttpDelivery;

/** Ways to servers. */
public final class Servers {
    /** Who waits at a terminal would rather hear soon that there is no server. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private static final Duration ANSWER = Duration.ofSeconds(20);

    private Servers() {}

    /** The server of an account. */
    static HttpDelivery of(AccountPlace place, AccountFacts facts) {
        Optional<Path> trust = Optional.of(place.trust()).filter(Files::exists);
        return at(facts.server(), facts.allowsHttp(), trust);
    }

    /**
     * A server at a URL.
     *
     * @param allowHttp whether it may be http to another machine
     * @param trust the authorities of its certificate, in PEM; empty for those of the platform
     */
    static HttpDelivery at(String url, boolean allowHttp, Optional<Path> trust) {
        try {
            HttpDelivery.Builder builder = HttpDelivery.builder(url).timeouts(CONNECT, ANSWER);
            if (allowHttp) {
                builder.allowHttp();
            }
            trust.ifPresent(file -> builder.trust(certificates(file)));
            return builder.build();
        } catch (IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).startsWith("http is for this machine")) {
                throw CommandFailure.usage(
                        "http to another machine tells everybody on the way who talks to whom: " + url,
                        "use https, or --allow-http where the network is protected");
            }
            throw CommandFailure.usage(
                    "no URL of a server: " + url, "URLs are like https://chat.example.org or http://127.0.0.1:8420");
        }
    }

    static List<X509Certificate> certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> out = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (out.isEmpty()) {
                throw CommandFailure.input("no certificate in " + file, "certificates are expected in PEM");
            }
            return out;
        } catch (CertificateException e) {
            throw CommandFailure.input(
                    "no certificates that can be read in " + file, "certificates are expected in PEM");
        } catch (IOException e) {
            throw CommandFailure.input("cannot read " + file, "check its name and permissions");
        }
    }
}
