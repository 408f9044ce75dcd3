package org.coppice.client.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.OutcomeUnknownException;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Subscription;
import org.coppice.delivery.api.UserName;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that answers with what cannot be. Each of these had the SDK throw what it does not document, or never come back. */
class HostileAnswersTest {
    private static final String LOGIN = "{\"challenge\":\"AAEC\",\"token\":\"t\",\"expires\":9999999999999}";

    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final ClientEnvironment environment =
            ClientEnvironment.builder().sleeper(pauses::add).build();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private HttpServer server;
    private HttpDelivery delivery;
    private Identity alice;
    private DeliverySession session;
    private volatile int status = 200;
    private volatile String type = Transport.JSON;
    private volatile String body;
    private volatile String login = LOGIN;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, status, type, body));
        server.createContext("/v1/auth/", exchange -> answer(exchange, 200, Transport.JSON, login));
        server.setExecutor(workers);
        server.start();
        delivery = HttpDelivery.builder(
                        "http://127.0.0.1:" + server.getAddress().getPort())
                .environment(environment)
                .events(HttpDelivery.Events.STREAM)
                .build();
        CipherSuite suite = CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        alice = Identity.generate(environment, suite, ClientId.parse("alice/laptop"));
        session = delivery.connect(alice);
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes(US_ASCII));
        }
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
        delivery.close();
        server.stop(0);
        workers.shutdown();
    }

    private static void assertUnknown(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void aValueThatCannotBeLeavesTheOutcomeUnknown() {
        for (String suite : List.of("65536", "4294967297")) {
            body = "{\"suites\":[{\"cipherSuite\":" + suite + ",\"ordinary\":3}]}";
            assertUnknown(session::keyPackageStock);
        }
        body = "{\"claimed\":[],\"without\":[\"no client\"]}";
        assertUnknown(() -> session.clientsOf(alice.client().user()));
    }

    @Test
    void anAnswerAboutClientsThatWereNotAskedForIsRefused() throws Exception {
        KeyPackageBundle bundle = MlsClient.of(
                        Environment.builder()
                                .validator(CredentialValidator.acceptAll())
                                .build(),
                        alice.suite(),
                        alice.credential(),
                        alice.signer())
                .generateKeyPackage();
        String keyPackage = Base64.getEncoder()
                .encodeToString(new MlsMessage(new MlsMessage.KeyPackage(bundle.keyPackage())).encoded());
        bundle.close();
        String claimed = "{\"client\":\"alice/laptop\",\"keyPackage\":\"" + keyPackage + "\",\"lastResort\":false}";
        RequestId id = RequestId.random(Randomness.system());
        ClaimRequest ofAlice = ClaimRequest.of(alice.client().user(), alice.suite());
        ClaimRequest ofBob = ClaimRequest.of(new UserName("bob"), alice.suite());
        body = "{\"claimed\":[" + claimed + "],\"without\":[]}";
        assertThat(session.claimKeyPackages(id, ofAlice).claimed()).hasSize(1);
        assertUnknown(() -> session.claimKeyPackages(id, ofBob));
        body = "{\"claimed\":[],\"without\":[\"alice/laptop\"]}";
        assertThat(session.claimKeyPackages(id, ofAlice).without()).containsExactly(alice.client());
        assertUnknown(() -> session.claimKeyPackages(id, ofBob));
    }

    @Test
    void aTokenThatDoesNotFitIntoAHeaderIsRefused() {
        for (String token : List.of("", "a\\r\\nb", "a b", "\\u00e4")) {
            login = LOGIN.replace("\"t\"", "\"" + token + "\"");
            assertUnknown(session::groups);
            body = login;
            assertUnknown(() -> delivery.register(alice));
        }
    }

    @Test
    void aCertificateWhoseLinesShareTheirDashesIsRefused() {
        body = "-----BEGIN CERTIFICATE-----END CERTIFICATE-----";
        assertUnknown(() -> delivery.authority().anchor());
    }

    @Test
    void aPauseBelowZeroIsNone() {
        status = 429;
        type = MediaTypes.PROBLEM;
        body = "{\"type\":\"urn:coppice:problem:over-limit\",\"status\":429,\"retryAfter\":-5}";
        assertThatThrownBy(session::groups).isInstanceOf(DeliveryException.class);
        assertThat(pauses).isNotEmpty().containsOnly(Duration.ZERO);
    }

    @Test
    void aProblemWithANumberThatCannotBeLeavesTheOutcomeUnknown() {
        status = 409;
        type = MediaTypes.PROBLEM;
        for (String number : List.of("1e999", "-1", "18446744073709551616", "0.5", "\"3\"")) {
            body = "{\"type\":\"urn:coppice:problem:stale-epoch\",\"status\":409,\"epoch\":" + number + ",\"head\":1}";
            assertUnknown(session::groups);
        }
    }

    @Test
    void ofAReasonWithoutEndTheBeginningIsTaken() {
        status = 409;
        type = MediaTypes.PROBLEM;
        body = "{\"type\":\"urn:coppice:problem:refused\",\"detail\":\"" + "no, ".repeat(1 << 16) + "\",\"rule\":\""
                + "R".repeat(1 << 16) + "\"}";
        assertThatThrownBy(session::groups).isInstanceOfSatisfying(DeliveryException.class, e -> {
            assertThat(e.problem().detail()).startsWith("no, no, ").hasSizeLessThanOrEqualTo(1000);
            assertThat(e.problem().rule().orElseThrow()).startsWith("RR").hasSizeLessThanOrEqualTo(1000);
        });
    }

    /** Each byte came in time, and the call never ended; it blocks a conversation, or the end of a program. */
    @Test
    void anAnswerThatDripsEndsTheCall() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.createContext("/v1/groups", exchange -> {
            asked.incrementAndGet();
            drip(exchange, "{\"groups\":[" + " ".repeat(100) + "]}");
        });
        try (HttpDelivery impatient = impatient();
                DeliverySession own = impatient.connect(alice)) {
            assertThatThrownBy(own::groups).isInstanceOf(SocketTimeoutException.class);
            assertThat(asked).hasValue(1);
        }
    }

    private HttpDelivery impatient() {
        return HttpDelivery.builder("http://127.0.0.1:" + server.getAddress().getPort())
                .environment(environment)
                .timeouts(Duration.ofSeconds(5), Duration.ofSeconds(1))
                .build();
    }

    private static void drip(HttpExchange exchange, String body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", Transport.JSON);
            exchange.sendResponseHeaders(200, body.length());
            for (byte next : body.getBytes(US_ASCII)) {
                exchange.getResponseBody().write(next);
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    /** What is carried buys time: as many bytes as a slow connection carries in longer than the service may be silent. */
    @Test
    void anAnswerThatIsLongMayTakeLong() throws Exception {
        byte[] whole = ("{\"groups\":[" + " ".repeat(60_000) + "]}").getBytes(US_ASCII);
        server.createContext("/v1/groups", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", Transport.JSON);
                exchange.sendResponseHeaders(200, whole.length);
                for (int from = 0; from < whole.length; from += 3000) {
                    exchange.getResponseBody().write(whole, from, Math.min(3000, whole.length - from));
                    exchange.getResponseBody().flush();
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                }
            }
        });
        try (HttpDelivery impatient = impatient();
                DeliverySession own = impatient.connect(alice)) {
            assertThat(own.groups()).isEmpty();
        }
    }

    @Test
    void aSilentServiceIsNotAskedAgainWhileSomebodyWaits() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/v1/groups", exchange -> {
            asked.incrementAndGet();
            await(over);
            exchange.close();
        });
        try (HttpDelivery impatient = impatient();
                DeliverySession own = impatient.connect(alice)) {
            assertThatThrownBy(own::groups).isInstanceOf(SocketTimeoutException.class);
            assertThat(asked).hasValue(1);
        } finally {
            over.countDown();
        }
    }

    /** It passed for one whose streams are kept back on the way, and so for one that answers: a chat said so every minute. */
    @Test
    void aServiceThatIsSilentAltogetherIsNotAskedForHintsInstead() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpHandler silence = exchange -> {
            await(over);
            exchange.close();
        };
        server.createContext("/v1/events", silence);
        AtomicBoolean answers = new AtomicBoolean();
        server.createContext("/v1/groups", exchange -> {
            if (answers.get()) {
                answer(exchange, 200, Transport.JSON, "{\"groups\":[]}");
            } else {
                silence.handle(exchange);
            }
        });
        try (HttpDelivery impatient = impatient();
                DeliverySession own = impatient.connect(alice)) {
            assertThatThrownBy(() -> own.subscribe(new Hints(), Optional.empty()))
                    .isInstanceOf(SocketTimeoutException.class);
            answers.set(true);
            own.subscribe(new Hints(), Optional.empty()).close();
        } finally {
            over.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSessionThatIsClosedEndsWhatIsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch over = new CountDownLatch(1);
        HttpHandler silence = exchange -> {
            asked.countDown();
            await(over);
            exchange.close();
        };
        server.createContext("/v1/groups", silence);
        server.createContext("/v1/events", silence);
        try {
            Future<?> call = workers.submit(() -> session.groups());
            Future<?> subscription = workers.submit(() -> session.subscribe(new Hints(), Optional.empty()));
            asked.await();
            session.close();
            assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> subscription.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        } finally {
            over.countDown();
        }
    }

    @Test
    void whatIsUnpackedToMoreThanTheAnswerMayHaveIsRefused() {
        type = Transport.JSON;
        byte[] packed = packed("{\"suites\":[" + " ".repeat(4 << 20) + "]}");
        server.createContext("/v1/key-packages", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", Transport.JSON);
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                exchange.sendResponseHeaders(200, packed.length);
                exchange.getResponseBody().write(packed);
            }
        });
        assertThatThrownBy(session::keyPackageStock)
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("too long");
        assertThat(packed).hasSizeLessThan(1 << 16);
    }

    private static byte[] packed(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** OkHttp's reader of events looked for ever for what comes after the carriage return. */
    @Test
    void aStreamOfHintsThatBreaksOffWithinALineEndEnds() throws Exception {
        type = "text/event-stream";
        for (String end : List.of("a\r", "\r", "a\r\n", "a")) {
            body = "event: inbox\ndata: {\"head\":3}\n\n" + end;
            Hints hints = new Hints();
            Subscription subscription = session.subscribe(hints, Optional.empty());
            assertThat(hints.told.take()).isEqualTo(new Hint.OfInbox(3));
            assertThat(hints.told.take()).isInstanceOf(IOException.class);
            subscription.close();
            assertThat(hints.told).isEmpty();
        }
    }

    /** OkHttp's reader keeps them to itself. */
    @Test
    void thePausesThatAStreamWantsAreTold() throws Exception {
        type = "text/event-stream";
        body = "retry: 1500\n\nretry: x\nretry: -3\nretry: " + "9".repeat(40) + "\nevent: inbox\ndata: {\"head\":3}\n\n"
                + "data: retry: 5\r\nretry:70\r\n\r\n";
        Hints hints = new Hints();
        session.subscribe(hints, Optional.empty());
        assertThat(hints.told.take()).isEqualTo(new Hint.OfInbox(3));
        assertThat(hints.told.take()).isInstanceOf(IOException.class);
        assertThat(hints.pauses).containsExactly(Duration.ofMillis(1500), Duration.ofMillis(70));
    }

    @Test
    void anEventWithoutEndEndsTheStreamOfHints() throws Exception {
        type = "text/event-stream";
        body = "data: x\n".repeat(1 << 18);
        Hints hints = new Hints();
        Subscription subscription = session.subscribe(hints, Optional.empty());
        assertThat(hints.told.take())
                .isInstanceOfSatisfying(
                        IOException.class, e -> assertThat(e).hasMessageContaining("an event of the service"));
        subscription.close();
    }

    /** The next request had the id in a header, which took no such thing: the stream never opened again. */
    @Test
    void aStreamIsResumedOnlyFromAnIdThatFitsIntoAHeader() throws Exception {
        type = "text/event-stream";
        for (String id : List.of("a\u0001", "a\u007f", "a b".repeat(200))) {
            body = "id: 7\nevent: inbox\ndata: {\"head\":3}\n\nid: " + id + "\nevent: inbox\ndata: {\"head\":4}\n\n";
            Hints hints = new Hints();
            session.subscribe(hints, Optional.empty());
            assertThat(hints.ids.take()).isEqualTo("7");
            assertThat(hints.ids.take()).isEqualTo("7");
        }
    }

    @Test
    void hintsByAskingThatBreakForWhateverReasonAreToldToHaveEnded() throws Exception {
        try (HttpDelivery polled = HttpDelivery.builder(
                                "http://127.0.0.1:" + server.getAddress().getPort())
                        .environment(environment)
                        .events(HttpDelivery.Events.POLL)
                        .build();
                DeliverySession own = polled.connect(alice)) {
            body =
                    "{\"groups\":[{\"groupId\":\"AAEC\",\"epoch\":0,\"head\":1,\"from\":1,\"member\":true}],\"entries\":[]}";
            Hints hints = new Hints();
            hints.failure = new IllegalStateException("a listener's mistake");
            own.subscribe(hints, Optional.empty());
            assertThat(hints.told.take())
                    .isInstanceOfSatisfying(
                            IOException.class, e -> assertThat(e).hasCause(hints.failure));
        }
    }

    /** The read of the inbox was the only pause. */
    @Test
    void whoAsksForHintsPausesIfTheServiceDoesNot() throws Exception {
        try (HttpDelivery polled = HttpDelivery.builder(
                                "http://127.0.0.1:" + server.getAddress().getPort())
                        .environment(environment)
                        .events(HttpDelivery.Events.POLL)
                        .build();
                DeliverySession own = polled.connect(alice)) {
            body =
                    "{\"groups\":[{\"groupId\":\"AAEC\",\"epoch\":0,\"head\":1,\"from\":1,\"member\":true}],\"entries\":[]}";
            Hints hints = new Hints();
            own.subscribe(hints, Optional.empty());
            assertThat(hints.told.take()).isInstanceOf(Hint.OfGroup.class);
            Awaitility.await().until(() -> pauses.size() >= 3);
            assertThat(pauses.get(0)).isLessThanOrEqualTo(Duration.ofMillis(250));
            assertThat(pauses.get(2)).isGreaterThan(Duration.ofSeconds(1));
            assertThat(hints.told).isEmpty();
        }
    }

    /** What was told, hints and the end. */
    private static final class Hints implements HintListener {
        final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        final BlockingQueue<String> ids = new LinkedBlockingQueue<>();
        final List<Duration> pauses = new CopyOnWriteArrayList<>();
        RuntimeException failure;

        @Override
        public void onHint(Hint hint, String eventId) {
            if (failure != null) {
                throw failure;
            }
            ids.add(eventId);
            told.add(hint);
        }

        @Override
        public void onPause(Duration pause) {
            pauses.add(pause);
        }

        @Override
        public void onInterrupted(IOException cause) {
            told.add(cause);
        }
    }
}
