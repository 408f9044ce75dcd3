package org.coppice.delivery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.engine.Dialect;
import org.coppice.delivery.engine.Engine;
import org.coppice.delivery.engine.Room;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A node is ready while it can write, and no longer. */
@ParameterizedClass
@EnumSource(Dialect.class)
@Timeout(120)
class ReadinessTest {
    private static final Duration SOME_PROBES = Duration.ofSeconds(60);

    @Parameter
    Dialect dialect;

    private final HttpClient client = HttpClient.newHttpClient();
    private Engine engine;
    private DeliveryServer server;

    @BeforeEach
    void start() throws Exception {
        engine = dialect == Dialect.SQLITE ? Servers.sqlite() : Servers.postgres();
        ServerConfig config = ServerConfig.DEFAULT
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.of(new ServerConfig.Ops("127.0.0.1", 0)));
        server = DeliveryServer.start(
                config,
                Clock.systemUTC(),
                (audiences, metrics) -> ServiceBackend.over(engine, Servers.config(), audiences, metrics));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String readiness() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.opsPort().orElseThrow() + "/health/ready");
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    /** As a file system that was mounted anew after an error, or a database that its keepers have switched over. */
    @Test
    void isNotReadyWhileTheDatabaseOnlyReads() throws Exception {
        assertThat(readiness()).isEqualTo("200 ready\n");
        Room.lock(engine);
        await().atMost(SOME_PROBES).until(() -> readiness().equals("503 the database takes no writes\n"));
        assertThat(engine.<Boolean>read(tx -> tx.exists("SELECT 1 FROM node_secret")))
                .as("what can still be read")
                .isTrue();
        Room.unlock(engine);
        await().atMost(SOME_PROBES).until(() -> readiness().equals("200 ready\n"));
    }
}
