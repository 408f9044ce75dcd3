package org.coppice.cli.account;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
        HttpResponse<byte[]> response = send(builder.build(), request);
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

    /** The time of a request is over for the JDK when the answer begins; here it is for all of it. */
    private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, head -> new Beginning());
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException lost ? lost : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("the answer does not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }

    /** The beginning of a body, which is all that is looked at. */
    private static final class Beginning implements HttpResponse.BodySubscriber<byte[]> {
        private static final int MAX = 1 << 16;

        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private Flow.Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] next = new byte[Math.min(buffer.remaining(), MAX - read.size())];
                buffer.get(next);
                read.writeBytes(next);
            }
            if (read.size() == MAX) {
                subscription.cancel();
                onComplete();
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(read.toByteArray());
        }
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
