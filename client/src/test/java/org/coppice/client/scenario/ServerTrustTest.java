package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.coppice.client.scenario.World.SUITE;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x509.GeneralName;
import org.coppice.client.BackgroundSync;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.http.UntrustedServiceException;
import org.coppice.client.http.UntrustedServiceException.Reason;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.HintListener;
import org.coppice.delivery.http.Tls;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a client takes for its service: a real server with certificates of an authority of its own. */
class ServerTrustTest {
    private static final GeneralName HERE = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
    private static final GeneralName ELSEWHERE = new GeneralName(GeneralName.dNSName, "chat.example.org");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private final AtomicInteger pauses = new AtomicInteger();
    private final ClientEnvironment environment = ClientEnvironment.builder()
            .sleeper(duration -> pauses.incrementAndGet())
            .build();
    private final AtomicReference<FakeBackend> backend = new AtomicReference<>();
    private TestCertificates authority;
    private DeliveryServer server;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = new TestCertificates("our own");
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private void start(Path keys) throws IOException {
        start(keys, 0);
    }

    /** Starts a server, or starts it again with other keys; what it knows of clients it keeps. */
    private void start(Path keys, int port) throws IOException {
        server = DeliveryServer.start(
                ServerConfig.DEFAULT
                        .withAddress("127.0.0.1", port)
                        .withTls(Tls.of(keys, TestCertificates.PASSWORD))
                        .withOps(Optional.empty())
                        .withDrain(Duration.ZERO, Duration.ofSeconds(5)),
                Clock.systemUTC(),
                (audiences, metrics) -> {
                    backend.compareAndSet(null, new FakeBackend(new FakeService(Clock.systemUTC()), audiences));
                    return backend.get();
                });
    }

    private X509Certificate startWithGoodCertificate() throws Exception {
        Path keys = directory.resolve("good.p12");
        X509Certificate out = authority.issue(keys, HERE);
        start(keys);
        return out;
    }

    private HttpDelivery.Builder builder() {
        return HttpDelivery.builder("https://127.0.0.1:" + server.port()).environment(environment);
    }

    private HttpDelivery.Builder trusting() {
        return builder().trust(List.of(authority.authority));
    }

    private Identity identity(String name) throws Exception {
        return Identity.generate(environment, SUITE, id(name));
    }

    private CoppiceClient client(String name, HttpDelivery http) throws Exception {
        Identity identity = identity(name);
        http.register(identity);
        CoppiceClient client = CoppiceClient.create(ClientStores.inMemory(), identity, environment, http);
        client.sync();
        return client;
    }

    private void assertRefused(Reason reason, String advice, HttpDelivery.Builder builder) throws Exception {
        Identity alice = identity("alice");
        try (HttpDelivery http = builder.build()) {
            assertThatThrownBy(() -> http.register(alice))
                    .isInstanceOfSatisfying(
                            UntrustedServiceException.class,
                            e -> assertThat(e.reason()).isEqualTo(reason))
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining(advice);
        }
        assertThat(pauses).as("pauses before another attempt").hasValue(0);
    }

    @Test
    @Tag("A-8.1-01")
    void whoTrustsTheAuthorityTalksToItsServer() throws Exception {
        X509Certificate certificate = startWithGoodCertificate();
        KeyStore trustStore = KeyStore.getInstance(KeyStore.getDefaultType());
        trustStore.load(null, null);
        trustStore.setCertificateEntry("our own", authority.authority);
        try (HttpDelivery ofAlice =
                        trusting().pin(HttpDelivery.pinOf(certificate)).build();
                HttpDelivery ofBob = builder()
                        .trust(trustStore)
                        .pin(HttpDelivery.pinOf(authority.authority))
                        .build();
                CoppiceClient alice = client("alice", ofAlice);
                CoppiceClient bob = client("bob", ofBob)) {
            Conversation team = alice.createConversation("team");
            assertThat(team.invite(user("bob")).isDone()).isTrue();
            assertThat(team.send("sealed twice").isDone()).isTrue();
            bob.sync();
            assertThat(World.texts(bob.conversations().get(0))).containsExactly("alice: sealed twice");
        }
    }

    @Test
    void anUnknownAuthorityIsRefusedAtOnce() throws Exception {
        startWithGoodCertificate();
        assertRefused(Reason.UNKNOWN_AUTHORITY, "HttpDelivery.Builder.trust", builder());
        TestCertificates other = new TestCertificates("another");
        assertRefused(
                Reason.UNKNOWN_AUTHORITY,
                "HttpDelivery.Builder.trust",
                builder().trust(List.of(other.authority)));
    }

    @Test
    void anAuthorityOfTheSameNameWithAnotherKeyIsRefused() throws Exception {
        startWithGoodCertificate();
        TestCertificates impostor = new TestCertificates("our own");
        assertRefused(Reason.UNKNOWN_AUTHORITY, "trust", builder().trust(List.of(impostor.authority)));
    }

    @Test
    void anotherKeyThanThePinnedOneIsRefusedAtOnce() throws Exception {
        startWithGoodCertificate();
        X509Certificate other = authority.issue(directory.resolve("other.p12"), HERE);
        assertRefused(Reason.OTHER_KEY, "HttpDelivery.Builder.pin", trusting().pin(HttpDelivery.pinOf(other)));
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedAtOnce() throws Exception {
        Path keys = directory.resolve("elsewhere.p12");
        authority.issue(keys, ELSEWHERE);
        start(keys);
        assertRefused(Reason.WRONG_HOST, "URL", trusting());
    }

    @Test
    void anExpiredCertificateIsRefusedAtOnce() throws Exception {
        Path keys = directory.resolve("expired.p12");
        authority.issue(keys, HERE, Instant.now().minus(DAY), DAY.dividedBy(2));
        start(keys);
        assertRefused(Reason.EXPIRED, "clock", trusting());
    }

    @Test
    void aCertificateOfTomorrowIsRefusedAtOnce() throws Exception {
        Path keys = directory.resolve("tomorrow.p12");
        authority.issue(keys, HERE, Instant.now().plus(DAY), DAY);
        start(keys);
        assertRefused(Reason.NOT_YET_VALID, "clock", trusting());
    }

    /** Takes what another trust manager takes, and counts how often it is asked. */
    private static final class Counting implements X509TrustManager {
        final AtomicInteger asked = new AtomicInteger();
        private final X509Certificate authority;

        Counting(X509Certificate authority) {
            this.authority = authority;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("no server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            asked.incrementAndGet();
            try {
                chain[0].verify(authority.getPublicKey());
            } catch (java.security.GeneralSecurityException e) {
                throw new CertificateException("another authority", e);
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[] {authority};
        }

        HttpDelivery.Builder in(HttpDelivery.Builder builder) throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return builder.tls(context.getSocketFactory(), this);
        }
    }

    /** The service's keys are replaced by some of another authority, while clients have tokens that hold. */
    private void replaceKeys() throws Exception {
        Path keys = directory.resolve("stranger.p12");
        new TestCertificates("stranger").issue(keys, HERE);
        int port = server.port();
        server.close();
        start(keys, port);
    }

    @Test
    void theStreamOfHintsIsRefusedInOneAttempt() throws Exception {
        startWithGoodCertificate();
        Counting trust = new Counting(authority.authority);
        Identity alice = identity("alice");
        try (HttpDelivery http = trust.in(builder()).build()) {
            http.register(alice);
            DeliverySession session = http.connect(alice);
            session.groups();
            replaceKeys();
            int before = trust.asked.get();
            assertThatThrownBy(() -> session.subscribe(new Deaf(), Optional.empty()))
                    .isInstanceOfSatisfying(
                            UntrustedServiceException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
            assertThat(trust.asked).hasValue(before + 1);
            assertThatThrownBy(session::groups).isInstanceOf(UntrustedServiceException.class);
            assertThat(trust.asked).hasValue(before + 2);
            assertThat(pauses).hasValue(0);
        }
    }

    private static final class Deaf implements HintListener {
        @Override
        public void onHint(Hint hint, String eventId) {
            // Nothing is to be heard.
        }

        @Override
        public void onInterrupted(IOException cause) {
            // That was awaited.
        }
    }

    @Test
    void theBackgroundSaysWhatTroublesItAndKeepsWhatIsAsked() throws Exception {
        startWithGoodCertificate();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (HttpDelivery http = trusting().build();
                CoppiceClient alice = client("alice", http);
                BackgroundSync background = alice.background(executor)) {
            Conversation team = alice.createConversation("team");
            Path good = directory.resolve("good.p12");
            replaceKeys();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> background.trouble().orElse(null) instanceof UntrustedServiceException);
            assertThat(team.send("kept").isDone()).isFalse();
            int port = server.port();
            server.close();
            start(good, port);
            background.wake();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> World.texts(team).equals(List.of("alice: kept"))
                            && background.trouble().isEmpty());
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void whatCanProtectNobodyIsRefusedAtOnce() throws Exception {
        HttpDelivery.Builder https = HttpDelivery.builder("https://chat.example.org");
        assertThatThrownBy(() -> https.trust(List.of())).isInstanceOf(IllegalArgumentException.class);
        KeyStore empty = KeyStore.getInstance(KeyStore.getDefaultType());
        assertThatThrownBy(() -> https.trust(empty)).isInstanceOf(IllegalArgumentException.class);
        empty.load(null, null);
        assertThatThrownBy(() -> https.trust(empty)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> https.pin("no pin")).isInstanceOf(IllegalArgumentException.class);
        String pin = HttpDelivery.pinOf(authority.authority);
        assertThatThrownBy(() -> HttpDelivery.builder("http://127.0.0.1:8420").pin(pin))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
