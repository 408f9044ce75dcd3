package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.SUITE;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.coppice.client.Conversation;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.model.Receipt;
import org.coppice.client.store.ClientStores;
import org.coppice.client.store.StoreKey;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hundreds of virtual threads drive clients at once, over HTTP and with stores in files. Runs on JDK 21 and later; the methods that make
 * such threads are found by their names, as the module is compiled for 17.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
@Timeout(120)
class VirtualThreadsTest {
    private static final int THREADS = 200;

    private final ClientEnvironment environment = ClientEnvironment.builder()
            .parameters(Parameters.DEFAULT.toBuilder().keyPackages(4, 2).build())
            .build();

    @TempDir
    private Path directory;

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private CoppiceClient client(String name, HttpDelivery http) throws Exception {
        Identity identity = Identity.generate(environment, SUITE, id(name));
        http.register(identity);
        try (Secret secret = Secret.wrap(Randomness.system().bytes(StoreKey.LENGTH));
                StoreKey key = StoreKey.of(secret)) {
            CoppiceClient client = CoppiceClient.create(
                    ClientStores.sqlite(directory.resolve(name), key), identity, environment, http);
            client.sync();
            return client;
        }
    }

    @Test
    void hundredsOfThemSendReadAndCommitAtOnce() throws Exception {
        FakeService service = new FakeService(Clock.systemUTC());
        try (DeliveryServer server = DeliveryServer.start(
                        ServerConfig.DEFAULT
                                .withAddress("127.0.0.1", 0)
                                .withOps(Optional.empty())
                                .withDrain(Duration.ZERO, Duration.ofSeconds(5)),
                        Clock.systemUTC(),
                        (audiences, metrics) -> new FakeBackend(service, audiences));
                HttpDelivery http = HttpDelivery.at("http://127.0.0.1:" + server.port());
                CoppiceClient alice = client("alice", http);
                CoppiceClient bob = client("bob", http)) {
            Conversation alices = alice.createConversation("team");
            assertThat(alices.invite(user("bob")).isDone()).isTrue();
            bob.sync();
            Conversation bobs = bob.conversations().get(0);

            List<Future<Receipt>> running = new ArrayList<>();
            ExecutorService threads = virtualThreads();
            try {
                for (int i = 0; i < THREADS; i++) {
                    Conversation own = i % 2 == 0 ? alices : bobs;
                    String text = "message " + i;
                    boolean commits = i % 50 == 0;
                    running.add(threads.submit(() -> {
                        assertThat(Thread.currentThread().isDaemon()).isTrue(); // as every virtual thread is
                        if (commits) {
                            own.refresh();
                        }
                        own.sync();
                        return own.send(text);
                    }));
                }
                for (Future<Receipt> one : running) {
                    assertThat(one.get().isDone()).isTrue();
                }
            } finally {
                threads.shutdownNow();
            }
            for (Conversation conversation : List.of(alices, bobs)) {
                conversation.sync();
                assertThat(World.texts(conversation))
                        .extracting(text -> text.substring(text.indexOf(": ") + 2))
                        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, THREADS)
                                .mapToObj(i -> "message " + i)
                                .toList());
            }
            assertThat(World.texts(alices)).isEqualTo(World.texts(bobs));
            assertThat(alices.epochAuthenticator()).isEqualTo(bobs.epochAuthenticator());
        }
    }
}
