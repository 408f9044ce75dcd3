package org.coppice.cli.account;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks a server for a challenge, which it gives to anybody, and looks at the answer. */
final class ServerProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ServerProbe() {}

    /**
     * What came back.
     *
     * @param status of HTTP
     * @param isCoppice whether it is what a delivery service answers
     * @param roundTrip how long it took
     * @param skew how far the server's clock is ahead of this one, if it told its time
     */
    record Answer(int status, boolean isCoppice, Duration roundTrip, Optional<Duration> skew) {}

    /** @param trust the authorities of the server's certificate, if that file exists */
    static Answer ask(String url, Optional<Path> trust) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
        trust.filter(Files::exists).ifPresent(file -> builder.sslContext(context(file)));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url.replaceAll("/+$", "") + "/v1/auth/challenge"))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.noBody())
                .header("Content-Type", "application/json")
                .build();
        Instant sent = Instant.now();
        HttpResponse<byte[]> response = Exchange.send(builder.build(), request, PATIENCE);
        Instant came = Instant.now();
        Duration roundTrip = Duration.between(sent, came);
        Instant middle = sent.plus(roundTrip.dividedBy(2));
        return new Answer(
                response.statusCode(),
                response.statusCode() == 200
                        && new String(response.body(), StandardCharsets.UTF_8).contains("\"challenge\""),
                roundTrip,
                response.headers().firstValue("Date").flatMap(text -> skew(text, middle)));
    }

    private static Optional<Duration> skew(String date, Instant here) {
        try {
            Instant there = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            // It tells whole seconds, rounded down.
            return Optional.of(Duration.between(here, there.plusMillis(500)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static SSLContext context(Path trust) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : Servers.certificates(trust)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext out = SSLContext.getInstance("TLS");
            out.init(null, factory.getTrustManagers(), null);
            return out;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("the certificates in " + trust + " cannot be trusted", e);
        }
    }
}
