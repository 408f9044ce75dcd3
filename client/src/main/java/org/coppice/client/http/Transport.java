package org.coppice.client.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;

/** Sends requests and reads answers whole; sends a request that got no answer again. Thread safe. */
final class Transport {
    static final String JSON = "application/json";
    static final String MESSAGE = "message/mls";

    /** How much a request may be answered with, as unpacked; without such a tag {@link #SMALL}. */
    enum Size {
        /** More than any answer of the contract that carries no messages, and than any problem. */
        SMALL(1 << 20),
        /** More than a tree of 64 MiB, or as much in base64. */
        BIG(96 << 20);

        private final long bytes;

        Size(long bytes) {
            this.bytes = bytes;
        }
    }

    private static final int ATTEMPTS = 3;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(2);

    private final OkHttpClient client;
    private final HttpUrl base;
    private final ClientEnvironment.Sleeper sleeper;
    private final Clock clock;
    private volatile Optional<Duration> clockAhead = Optional.empty();

    Transport(OkHttpClient client, HttpUrl base, ClientEnvironment.Sleeper sleeper, Clock clock) {
        this.client = client;
        this.base = base;
        this.sleeper = sleeper;
        this.clock = clock;
    }

    OkHttpClient client() {
        return client;
    }

    /** The service as this client reaches it, {@code scheme://authority}. */
    String audience() {
        String host = base.host().contains(":") ? "[" + base.host() + "]" : base.host();
        boolean standard = base.port() == HttpUrl.defaultPort(base.scheme());
        return base.scheme() + "://" + host + (standard ? "" : ":" + base.port());
    }

    /** The URL of a path of the contract, which begins with a slash. */
    HttpUrl.Builder url(String path) {
        String prefix = base.encodedPath();
        return base.newBuilder().encodedPath(prefix.substring(0, prefix.length() - 1) + path);
    }

    static RequestBody body(JsonNode json) {
        try {
            return body(JSON, Answer.JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree can be written", e);
        }
    }

    static RequestBody body(String type, byte[] content) {
        return RequestBody.create(content, MediaType.get(type));
    }

    /** Sends a request that the service answers at once, as {@link #send(Request, Duration, Waits)} does. */
    Answer send(Request request) throws DeliveryException, IOException {
        return send(request, Duration.ZERO, new Waits());
    }

    /**
     * Sends a request until there is an answer, a few times at most: a write carries its request id, so that it is done once.
     *
     * @param wait how long the service may take on purpose
     * @param waits ends the call early
     * @throws UntrustedServiceException if the service's certificate is not taken; it is asked no second time
     */
    Answer send(Request request, Duration wait, Waits waits) throws DeliveryException, IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(request, wait, waits).success();
            } catch (DeliveryException e) {
                Optional<Duration> after = e.problem().retryAfter();
                boolean soon = (e.kind() == ProblemKind.OVER_LIMIT || e.kind() == ProblemKind.UNAVAILABLE)
                        && after.isPresent()
                        && after.get().compareTo(LONGEST_RETRY_AFTER) <= 0;
                if (!soon || attempt == ATTEMPTS) {
                    throw e;
                }
                pause(after.get());
            } catch (IOException e) {
                Optional<UntrustedServiceException> untrusted = untrusted(e);
                if (untrusted.isPresent()) {
                    throw untrusted.get();
                }
                // A service that was silent for all that time is not asked again while somebody waits. Who asks later
                // does so with the same request id.
                boolean timedOut = e instanceof InterruptedIOException;
                if (timedOut || waits.isClosed() || attempt == ATTEMPTS) {
                    throw e;
                }
                pause(Duration.ofMillis(FIRST_PAUSE_MILLIS << attempt));
            }
        }
    }

    /** What a failure says about the service's certificate; empty if it has another reason. */
    Optional<UntrustedServiceException> untrusted(IOException failure) {
        return UntrustedServiceException.of(failure, base.host());
    }

    /** Waits; throws {@link InterruptedIOException} if the thread is interrupted. */
    void pause(Duration duration) throws InterruptedIOException {
        try {
            sleeper.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted between two attempts");
        }
    }

    private Answer once(Request request, Duration wait, Waits waits) throws IOException {
        Call call = client.newCall(request);
        if (!wait.isZero()) {
            // The service is meant to be silent for that long.
            call = client.newBuilder()
                    .readTimeout(wait.toMillis() + client.readTimeoutMillis(), TimeUnit.MILLISECONDS)
                    .build()
                    .newCall(request);
        }
        long toBegin = client.connectTimeoutMillis() + wait.toMillis();
        try (Patience patience = new Patience(call, client.readTimeoutMillis(), toBegin, request.body())) {
            try {
                return waits.execute(call, response -> {
                    patience.answered();
                    if (wait.isZero()) {
                        compareClocks(response);
                    }
                    return answer(response, patience);
                });
            } catch (IOException e) {
                if (patience.isOver()) {
                    throw Patience.tooSlow();
                }
                throw e;
            }
        }
    }

    /** How far the clock here is ahead of the service's, by its last answer that told the time. */
    Optional<Duration> clockAhead() {
        return clockAhead;
    }

    /** Not of an answer that was waited for: servers write the time when they begin with it. */
    private void compareClocks(Response response) {
        Date told = response.headers().getDate("Date");
        if (told != null) {
            // It tells whole seconds, rounded down.
            clockAhead = Optional.of(Duration.between(told.toInstant().plusMillis(500), clock.instant()));
        }
    }

    private static Answer answer(Response response, Patience patience) throws IOException {
        Size size = response.request().tag(Size.class);
        long most = response.isSuccessful() && size != null ? size.bytes : Size.SMALL.bytes;
        Buffer content = new Buffer();
        while (response.body().source().read(content, 1 << 16) >= 0) {
            if (content.size() > most) {
                throw Answer.wrong("is too long");
            }
            patience.carried(content.size());
        }
        String type = response.header("Content-Type", "");
        int semicolon = type.indexOf(';');
        return new Answer(
                response.code(),
                semicolon < 0 ? type : type.substring(0, semicolon).trim(),
                content.readByteArray());
    }
}
