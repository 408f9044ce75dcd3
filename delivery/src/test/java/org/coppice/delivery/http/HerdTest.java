package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that goes ends all its streams in one moment. */
@Timeout(120)
class HerdTest {
    private static final int READERS = 40;
    private static final int LOGINS = 200;

    @TempDir
    private Path data;

    private final HttpClient client = HttpClient.newHttpClient();

    private static long pause(String line) {
        assertThat(line).startsWith("retry: ");
        return Long.parseLong(line.substring("retry: ".length()));
    }

    /** Browsers come back after the pause that they were told: with one for all they would come in one moment, too. */
    @Test
    void eachReaderIsToldAnotherPauseAndOnceMoreAtTheEnd() throws Exception {
        TestServer server = TestServer.start(config -> config);
        List<BufferedReader> readers = new ArrayList<>();
        Set<Long> first = new TreeSet<>();
        for (int i = 0; i < READERS; i++) {
            HttpRequest request = HttpRequest.newBuilder(server.uri("/v1/events"))
                    .header("Authorization", "Bearer " + FakeService.token("reader" + i + "/laptop"))
                    .build();
            InputStream body = server.client
                    .send(request, HttpResponse.BodyHandlers.ofInputStream())
                    .body();
            BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            readers.add(reader);
            first.add(pause(reader.readLine()));
        }
        assertThat(first)
                .hasSizeGreaterThan(READERS / 2)
                .allSatisfy(pause -> assertThat(pause).isBetween(1000L, 3000L + READERS));
        server.close();
        Set<Long> last = new TreeSet<>();
        for (BufferedReader reader : readers) {
            last.add(lastPause(reader));
            reader.close();
        }
        assertThat(last).hasSizeGreaterThan(READERS / 2);
    }

    /** The last one of a stream that has begun with another. */
    private static long lastPause(BufferedReader reader) throws IOException {
        String last = "";
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            last = line.startsWith("retry: ") ? line : last;
        }
        return pause(last);
    }

    @Test
    void streamsThatAreTooManyAreToldWhenToComeBack() throws Exception {
        try (TestServer server = TestServer.start(new TestLimits().streams(1).config());
                EventReader first = EventReader.open(server, TestServer.ALICE, Optional.empty());
                EventReader second = EventReader.open(server, TestServer.BOB, Optional.empty())) {
            assertThat(first.status()).isEqualTo(200);
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After").map(Integer::parseInt))
                    .hasValueSatisfying(seconds -> assertThat(seconds).isBetween(5, 10));
        }
    }

    /** As after a night in which all tokens of an office have ended: from one address, more at once than it may ask. */
    @Test
    void loginsThatAreTooManyArePutOffAndAllGetThrough() throws Exception {
        RateLimits.Rate logins = new RateLimits.Rate(50, 100);
        RateLimits rates = new RateLimits(
                RateLimits.NONE.requests(),
                RateLimits.NONE.claims(),
                RateLimits.NONE.claimsOfUser(),
                RateLimits.NONE.groupAppends(),
                logins);
        ServerConfig config = ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(data))
                .withDelivery(Servers.config().withRates(rates))
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty());
        try (DeliveryServer server = DeliveryServer.start(config)) {
            URI challenge = URI.create(server.url() + "/v1/auth/challenge");
            int waiting = LOGINS;
            boolean refused = false;
            while (waiting > 0) {
                List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
                for (int i = 0; i < waiting; i++) {
                    asked.add(client.sendAsync(
                            HttpRequest.newBuilder(challenge)
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray()));
                }
                int pause = 0;
                for (CompletableFuture<HttpResponse<byte[]>> one : asked) {
                    HttpResponse<byte[]> answer = one.get();
                    if (answer.statusCode() == 200) {
                        waiting--;
                    } else {
                        refused = true;
                        assertThat(TestServer.problem(answer)).isEqualTo("over-limit");
                        pause = Integer.parseInt(
                                answer.headers().firstValue("Retry-After").orElseThrow());
                        assertThat(pause).isBetween(1, 10);
                    }
                }
                await().pollDelay(Duration.ofSeconds(pause)).until(() -> true);
            }
            assertThat(refused).isTrue();
        }
    }
}
