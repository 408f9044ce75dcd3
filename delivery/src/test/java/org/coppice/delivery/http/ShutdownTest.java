package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health, metrics, and stopping in order. */
@Timeout(60)
class ShutdownTest {
    @Test
    void whatIsUnderWayIsAnsweredAndWhatComesIsPutOff() throws Exception {
        TestServer server = TestServer.start().withGroup();
        EventReader events = EventReader.open(server, TestServer.ALICE, Optional.empty());
        CompletableFuture<HttpResponse<byte[]>> poll = server.client.sendAsync(
                server.request("/v1/inbox?wait=30000").build(), HttpResponse.BodyHandlers.ofByteArray());
        await().until(() -> server.service.hints.subscribers() == 2);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        server.service.before = () -> {
            entered.countDown();
            await().until(() -> go.getCount() == 0);
        };
        CompletableFuture<HttpResponse<byte[]>> write = CompletableFuture.supplyAsync(() -> {
            try {
                return server.postMessage(Sample.application(1));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        entered.await();
        server.service.before = () -> {};
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
            try {
                server.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(poll.get().statusCode()).isEqualTo(200);
        while (events.next().isPresent()) {
            // until the end, which this waits for
        }
        HttpResponse<byte[]> late = server.get("/v1/groups");
        assertThat(TestServer.problem(late)).isEqualTo("unavailable");
        assertThat(late.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(server.ops("/health/ready")).isEqualTo("503 stopping\n");
        assertThat(server.ops("/health/live")).startsWith("200");
        assertThat(closed).isNotDone();
        go.countDown();
        assertThat(write.get().statusCode()).isEqualTo(200);
        closed.get();
        assertThat(server.service.openSessions).hasValue(0);
    }

    @Test
    void aRequestThatNeverEndsDoesNotKeepTheServer() throws Exception {
        TestServer server = TestServer.start(config -> config.withDrain(Duration.ZERO, Duration.ofMillis(100)));
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        server.service.before = () -> {
            entered.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        server.client.sendAsync(server.request("/v1/groups").build(), HttpResponse.BodyHandlers.ofByteArray());
        entered.await();
        server.close();
        go.countDown();
    }

    @Test
    void isReadyWhileTheEngineAnswers() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThat(server.ops("/health/ready")).isEqualTo("200 ready\n");
            server.service.engineAnswers(false);
            assertThat(server.ops("/health/ready")).isEqualTo("503 the engine does not answer\n");
            assertThat(server.ops("/health/live")).isEqualTo("200 alive\n");
            server.service.engineAnswers(true);
            assertThat(server.ops("/health/ready")).isEqualTo("200 ready\n");
            assertThat(server.ops("/nothing")).startsWith("404");
        }
    }

    @Test
    void countsWithoutNamingAnybody() throws Exception {
        try (TestServer server = TestServer.start().withGroup();
                EventReader events = EventReader.open(server, TestServer.BOB, Optional.empty())) {
            server.postMessage(Sample.application(1));
            server.get("/v1/groups/zzzz/settings");
            server.get("/no/such/path/alice");
            server.send(server.request("/v1/groups").method("ALICE", HttpRequest.BodyPublishers.noBody()));
            await().until(() -> server.ops("/metrics").contains("coppice_http_streams_open 1.0"));
            String metrics = server.ops("/metrics");
            assertThat(metrics)
                    .contains("coppice_log_appends_total{kind=\"application\"} 1.0")
                    .contains("coppice_commits_total{outcome=\"accepted\"} 0.0")
                    .contains("coppice_http_problems_total{kind=\"unknown-group\"} 1.0")
                    .contains("route=\"/v1/groups/{gid}/messages\"")
                    .contains("jvm_memory_used_bytes");
            assertThat(metrics.toLowerCase(Locale.ROOT))
                    .doesNotContain("alice")
                    .doesNotContain("bob")
                    .doesNotContain("zzzz")
                    .doesNotContain(Sample.GID.toLowerCase(Locale.ROOT));
            assertThat(events.status()).isEqualTo(200);
        }
    }
}
