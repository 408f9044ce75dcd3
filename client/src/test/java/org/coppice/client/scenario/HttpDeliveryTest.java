package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.coppice.client.scenario.World.SUITE;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.coppice.client.BackgroundSync;
import org.coppice.client.Between;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ConversationOptions;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupHead;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions over the real HTTP front. */
class HttpDeliveryTest {
    private final ClientEnvironment environment = ClientEnvironment.builder()
            .parameters(Parameters.DEFAULT.toBuilder().keyPackages(4, 2).build())
            .build();
    private final FakeService service = new FakeService(Clock.systemUTC());
    private final AtomicReference<FakeBackend> backend = new AtomicReference<>();
    private DeliveryServer server;
    private HttpDelivery http;

    @BeforeEach
    void start() throws IOException {
        server = DeliveryServer.start(
                ServerConfig.DEFAULT
                        .withAddress("127.0.0.1", 0)
                        .withOps(Optional.empty())
                        .withDrain(Duration.ZERO, Duration.ofSeconds(5)),
                Clock.systemUTC(),
                (audiences, metrics) -> {
                    backend.set(new FakeBackend(service, audiences));
                    return backend.get();
                });
        http = HttpDelivery.at(url());
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        server.close();
    }

    private Identity identity(String name) throws Exception {
        return Identity.generate(environment, SUITE, id(name));
    }

    private CoppiceClient client(String name) throws Exception {
        Identity identity = identity(name);
        http.register(identity);
        CoppiceClient client = CoppiceClient.create(ClientStores.inMemory(), identity, environment, http);
        client.sync();
        return client;
    }

    private static void assertProblem(ProblemKind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void conversationsWorkOverHttp() throws Exception {
        try (CoppiceClient alice = client("alice");
                CoppiceClient bob = client("bob")) {
            Conversation team = alice.createConversation("team");
            assertThat(team.invite(user("bob")).isDone()).isTrue();
            assertThat(team.send("over the wire").isDone()).isTrue();
            bob.sync();
            Conversation bobs = bob.conversations().get(0);
            assertThat(World.texts(bobs)).containsExactly("alice: over the wire");
            assertThat(bobs.leave().isDone()).isFalse();
            alice.sync();
            await().until(() -> {
                alice.sync();
                return team.members().size() == 1;
            });
            assertThat(alice.clientsOf(user("bob"))).containsExactly(id("bob"));
        }
    }

    @Test
    void aDeviceThatLostItsStateComesBackOverHttp() throws Exception {
        try (CoppiceClient alice = client("alice");
                CoppiceClient bob = client("bob")) {
            Conversation team = alice.createConversation("team");
            team.invite(user("bob"));
            bob.sync();
            try (CoppiceClient again = client("bob")) {
                Conversation bobs = again.rejoin(team.id());
                assertThat(bobs.send("back").isDone()).isTrue();
                team.sync();
                assertThat(World.texts(team)).containsExactly("bob: back");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HttpDelivery.Events.class)
    void theBackgroundFollowsHints(HttpDelivery.Events events) throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        try (HttpDelivery hinted = HttpDelivery.builder(url()).events(events).build();
                CoppiceClient alice = client("alice")) {
            Identity identity = identity("bob");
            hinted.register(identity);
            try (CoppiceClient bob = CoppiceClient.create(ClientStores.inMemory(), identity, environment, hinted);
                    BackgroundSync background = bob.background(executor)) {
                background.wake();
                await().until(() -> service.stock(id("bob")).of(SUITE).ordinary() > 0);
                Conversation team = alice.createConversation("team");
                assertThat(team.invite(user("bob")).isDone()).isTrue();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !bob.conversations().isEmpty());
                team.send("did you see this?");
                Conversation bobs = bob.conversations().get(0);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> World.texts(bobs).contains("alice: did you see this?"));
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anEndedTokenIsReplacedUnnoticed() throws Exception {
        Identity identity = identity("alice");
        http.register(identity);
        try (DeliverySession session = http.connect(identity)) {
            assertThat(session.groups()).isEmpty();
            int logins = backend.get().logins.get();
            assertThat(session.groups()).isEmpty();
            assertThat(backend.get().logins).hasValue(logins);
            backend.get().logOut();
            assertThat(session.groups()).isEmpty();
            assertThat(backend.get().logins).hasValue(logins + 1);
        }
    }

    /** Each token was taken for one that has ended, so that each request logged in anew. */
    @ParameterizedTest
    @ValueSource(longs = {48, -48})
    void aClockThatIsDaysAwayCostsNoLogins(long hoursAhead) throws Exception {
        ClientEnvironment wrong = ClientEnvironment.builder()
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(hoursAhead)))
                .build();
        Identity identity = identity("alice");
        try (HttpDelivery away = HttpDelivery.builder(url()).environment(wrong).build()) {
            away.register(identity);
            try (DeliverySession session = away.connect(identity)) {
                assertThat(session.groups()).isEmpty();
                int logins = backend.get().logins.get();
                for (int i = 0; i < 5; i++) {
                    assertThat(session.groups()).isEmpty();
                }
                assertThat(backend.get().logins).hasValue(logins);
            }
        }
    }

    @Test
    void aStrangerAndATakenNameAreRefused() throws Exception {
        Identity alice = identity("alice");
        try (DeliverySession session = http.connect(alice)) {
            assertProblem(ProblemKind.UNAUTHENTICATED, session::groups);
        }
        http.register(alice);
        Identity tablet = identity("alice/tablet");
        assertProblem(ProblemKind.NOT_ALLOWED, () -> http.register(tablet));
        http.register(tablet, Optional.of(http.voucher(alice, tablet.client(), tablet.registered())));
        try (DeliverySession session = http.connect(tablet)) {
            assertThat(session.self()).isEqualTo(id("alice/tablet"));
            assertThat(session.groups()).isEmpty();
        }
    }

    @Test
    void problemsArriveWithAllTheyCarry() throws Exception {
        try (CoppiceClient alice = client("alice");
                DeliverySession session = http.connect(alice.identity())) {
            Bytes nowhere = Bytes.fromHex("00ff");
            assertProblem(ProblemKind.UNKNOWN_GROUP, () -> session.read(nowhere, 0, 10, Duration.ZERO));
            assertProblem(ProblemKind.UNKNOWN_GROUP, () -> session.groupInfo(nowhere));
            Conversation team = alice.createConversation("team");
            team.refresh();
            var first = org.coppice.mls.framing.MlsMessage.decode(
                    service.log(team.id()).get(0).message().toByteArray());
            RequestId id = RequestId.random(Randomness.system());
            assertThatThrownBy(() -> session.send(id, first)).isInstanceOfSatisfying(DeliveryException.class, e -> {
                assertThat(e.kind()).isEqualTo(ProblemKind.STALE_EPOCH);
                assertThat(e.problem().epoch()).hasValue(1L);
                assertThat(e.problem().head()).hasValue(1L);
            });
            GroupHead head = session.groups().get(0);
            assertThat(head.groupId()).isEqualTo(team.id());
            assertThat(head.member()).isTrue();
            assertThat(session.settings(team.id()))
                    .isEqualTo(ConversationOptions.named("team").settings());
            assertThat(session.outcome(id)).isEmpty();
            assertProblem(ProblemKind.UNKNOWN, () -> session.ratchetTree(team.id(), -1));
        }
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainWithTheSameId() throws Exception {
        AtomicBoolean lose = new AtomicBoolean();
        backend.get().between = session -> Between.put(DeliverySession.class, session, call -> {
            Object result = call.go();
            if (call.is("send") && lose.compareAndSet(true, false)) {
                throw new IOException("the database went away after the commit");
            }
            return result;
        });
        try (CoppiceClient alice = client("alice")) {
            Conversation team = alice.createConversation("team");
            lose.set(true);
            assertThat(team.send("once").isDone()).isTrue();
            assertThat(lose).isFalse();
            assertThat(World.texts(team)).containsExactly("alice: once");
            assertThat(service.log(team.id())).hasSize(1);
        }
    }

    @Test
    void closingASessionEndsAReadThatWaits() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        backend.get().between = session -> Between.put(DeliverySession.class, session, call -> {
            if (call.is("subscribe")) { // the front does that to be woken
                waiting.countDown();
            }
            return call.go();
        });
        Identity identity = identity("alice");
        http.register(identity);
        DeliverySession session = http.connect(identity);
        CompletableFuture<List<InboxEntry>> read = CompletableFuture.supplyAsync(() -> {
            try {
                return session.inbox(0, 1, Duration.ofMinutes(10));
            } catch (DeliveryException | IOException e) {
                throw new CompletionException(e);
            }
        });
        waiting.await();
        session.close();
        // The service would let go of it after a minute.
        assertThat(read).failsWithin(Duration.ofSeconds(30)).withThrowableThat().withCauseInstanceOf(IOException.class);
    }

    @Test
    void whatIsAskedForOfflineIsDoneLater() throws Exception {
        try (CoppiceClient alice = client("alice")) {
            int port = server.port();
            server.close();
            Conversation team = alice.createConversation("team");
            assertThat(team.send("kept").isDone()).isFalse();
            assertThat(team.view().waiting()).isEqualTo(1);
            assertThatThrownBy(alice::sync).isInstanceOf(IOException.class);
            FakeBackend known = backend.get();
            server = DeliveryServer.start(
                    ServerConfig.DEFAULT
                            .withAddress("127.0.0.1", port)
                            .withOps(Optional.empty())
                            .withDrain(Duration.ZERO, Duration.ofSeconds(5)),
                    Clock.systemUTC(),
                    (audiences, metrics) -> known);
            alice.sync();
            assertThat(World.texts(team)).containsExactly("alice: kept");
        }
    }

    @Test
    @Tag("A-8.4.2-06")
    void waitingReadsReturnWhenThereIsSomething() throws Exception {
        try (CoppiceClient alice = client("alice");
                DeliverySession session = http.connect(alice.identity())) {
            Conversation team = alice.createConversation("team");
            assertThat(session.read(team.id(), 0, 10, Duration.ofMillis(50)).entries())
                    .isEmpty();
            Thread sender = new Thread(() -> team.send("now"));
            sender.start();
            assertThat(session.read(team.id(), 0, 10, Duration.ofSeconds(20)).entries())
                    .hasSize(1);
            sender.join();
        }
    }

    @Test
    @Tag("A-6.4-02")
    @Tag("A-8-02")
    @Tag("A-8.1-01")
    @Tag("A-8.1.2-01")
    void httpIsForThisMachineOnly() {
        for (String url : List.of("http://example.org", "http://192.0.2.1:8420", "http://localhost.example.org")) {
            assertThatThrownBy(() -> HttpDelivery.at(url)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String url : List.of("ftp://example.org", "example.org", "https://example.org/?x=1")) {
            assertThatThrownBy(() -> HttpDelivery.builder(url)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(HttpDelivery.at("https://example.org").audience()).isEqualTo("https://example.org");
        assertThat(HttpDelivery.at("http://[::1]:8420/").audience()).isEqualTo("http://[::1]:8420");
        assertThat(HttpDelivery.builder("http://example.org:80")
                        .allowHttp()
                        .build()
                        .audience())
                .isEqualTo("http://example.org");
    }
}
