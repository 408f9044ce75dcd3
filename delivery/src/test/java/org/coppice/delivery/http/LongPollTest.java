package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.coppice.delivery.http.TestServer.json;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.Hint;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads that wait. */
@Timeout(60)
class LongPollTest {
    private static final String LOG = "/v1/groups/" + Sample.GID + "/log?after=0&wait=30000";

    private static CompletableFuture<HttpResponse<byte[]>> poll(TestServer server, String path) {
        return server.client.sendAsync(
                server.request(path).header("Accept", "application/json").build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void awaitWaiting(TestServer server, int count) {
        await().until(() -> server.service.hints.subscribers() == count);
    }

    @Test
    void endsWhenTheLogGrows() throws Exception {
        try (TestServer server = TestServer.start().withGroup()) {
            CompletableFuture<HttpResponse<byte[]>> waiting = poll(server, LOG);
            awaitWaiting(server, 1);
            assertThat(waiting).isNotDone();
            server.postMessage(Sample.application(1));
            assertThat(json(waiting.get()).get("entries")).hasSize(1);
            awaitWaiting(server, 0);
            await().until(() -> server.service.openSessions.get() == 0);
        }
    }

    @Test
    void endsWhenAWelcomeComes() throws Exception {
        try (TestServer server = TestServer.start()) {
            CompletableFuture<HttpResponse<byte[]>> waiting = poll(server, "/v1/inbox?wait=30000");
            awaitWaiting(server, 1);
            ClientId alice = ClientId.parse("alice/laptop");
            server.service.inbox(alice).add(new InboxEntry(3, Sample.GROUP, 1, 1, 5, Sample.welcome()));
            server.service.hints.to(alice, new Hint.OfInbox(3));
            assertThat(json(waiting.get()).at("/entries/0/seq").asInt()).isEqualTo(3);
        }
    }

    @Test
    void endsEmptyAfterItsTime() throws Exception {
        try (TestServer server = TestServer.start().withGroup()) {
            HttpResponse<byte[]> answer =
                    poll(server, LOG.replace("30000", "200")).get();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(json(answer).get("entries")).isEmpty();
        }
    }

    @Test
    void holdsNoThread() throws Exception {
        try (TestServer server = TestServer.start(config -> config.withMaxThreads(4))) {
            server.withGroup();
            List<CompletableFuture<HttpResponse<byte[]>>> waiting = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                waiting.add(poll(server, LOG));
            }
            awaitWaiting(server, 60);
            assertThat(server.postMessage(Sample.application(1)).statusCode()).isEqualTo(200);
            for (CompletableFuture<HttpResponse<byte[]>> one : waiting) {
                assertThat(json(one.get()).get("entries")).hasSize(1);
            }
        }
    }

    @Test
    void oneTooManyIsPutOff() throws Exception {
        try (TestServer server = TestServer.start(new TestLimits().polls(2).config())) {
            server.withGroup();
            for (int round = 1; round <= 3; round++) {
                String path = LOG.replace("after=0", "after=" + (round - 1));
                CompletableFuture<HttpResponse<byte[]>> waiting = poll(server, path);
                awaitWaiting(server, 1);
                HttpResponse<byte[]> refused = poll(server, path).get();
                assertThat(TestServer.problem(refused)).isEqualTo("unavailable");
                assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
                server.postMessage(Sample.application(round));
                assertThat(waiting.get().statusCode()).isEqualTo(200);
                awaitWaiting(server, 0);
            }
        }
    }

    @Test
    void oneClientLeavesRoomForOthers() throws Exception {
        try (TestServer server = TestServer.start(new TestLimits().polls(4).config())) {
            CompletableFuture<HttpResponse<byte[]>> first = poll(server, "/v1/inbox?wait=30000");
            CompletableFuture<HttpResponse<byte[]>> second = poll(server, "/v1/inbox?wait=30000");
            awaitWaiting(server, 2);
            assertThat(TestServer.problem(poll(server, "/v1/inbox?wait=30000").get()))
                    .isEqualTo("unavailable");
            HttpResponse<byte[]> another = server.send(server.request("/v1/inbox?wait=200")
                    .setHeader("Authorization", "Bearer " + TestServer.BOB)
                    .header("Accept", "application/json"));
            assertThat(another.statusCode()).isEqualTo(200);
            assertThat(first).isNotDone();
            assertThat(second).isNotDone();
        }
    }

    @Test
    void endsUnauthenticatedWhenTheClientLogsOut() throws Exception {
        try (TestServer server = TestServer.start().withGroup()) {
            CompletableFuture<HttpResponse<byte[]>> waiting = poll(server, LOG);
            awaitWaiting(server, 1);
            assertThat(server.send(server.request("/v1/auth/token").DELETE()).statusCode())
                    .isEqualTo(204);
            assertThat(TestServer.problem(waiting.get())).isEqualTo("unauthenticated");
            await().until(() -> server.service.openSessions.get() == 0);
        }
    }

    @Test
    void endsEmptyWithItsToken() throws Exception {
        try (TestServer server = TestServer.start().withGroup()) {
            server.service.tokensExpire = System.currentTimeMillis() + 300;
            HttpResponse<byte[]> answer = poll(server, LOG).get(20, TimeUnit.SECONDS);
            assertThat(json(answer).get("entries")).isEmpty();
        }
    }

    @Test
    void aRefusalThatComesWhileWaitingIsToldAsOne() throws Exception {
        try (TestServer server = TestServer.start().withGroup()) {
            CompletableFuture<HttpResponse<byte[]>> waiting = poll(server, LOG);
            awaitWaiting(server, 1);
            server.service.failure.set(
                    Problem.of(ProblemKind.GONE, "it is no more").asException());
            server.service.hints.toAll(new Hint.OfGroup(Sample.GROUP, 1));
            assertThat(TestServer.problem(waiting.get())).isEqualTo("gone");
        }
    }
}
