package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.delivery.http.TestServer.json;
import static org.coppice.delivery.http.TestServer.problem;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.OutcomeUnknownException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every request goes through, whatever it asks for. */
class FrontTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        assertThat(server.service.openSessions).as("sessions left open").hasValue(0);
    }

    private static byte[] bundle(long epoch) {
        return CommitBundle.of(Sample.commit(epoch), Optional.empty(), Optional.empty())
                .encoded();
    }

    @Test
    void aConversationTravels() throws Exception {
        server.withGroup();
        String path = "/v1/groups/" + Sample.GID;
        assertThat(server.postMessage(Sample.application(10)).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> commit = server.post(path + "/commits", MediaTypes.COMMIT_BUNDLE, bundle(0));
        assertThat(json(commit).toString())
                .isEqualTo("{\"seq\":2,\"epoch\":1,\"unroutedWelcomes\":[],\"repeated\":false}");
        HttpResponse<byte[]> log = server.get(path + "/log?after=0&limit=10");
        assertThat(log.headers().firstValue("Content-Type")).hasValue(MediaTypes.LOG);
        LogPage page = LogPage.decode(new TlsReader(Bytes.wrap(log.body()), MediaTypes.LIMITS));
        assertThat(page.entries()).hasSize(2);
        assertThat(page.entries().get(0).message())
                .isEqualTo(Bytes.wrap(Sample.application(10).encoded()));
    }

    @Test
    void aStaleCommitIsToldTheEpoch() throws Exception {
        server.withGroup();
        String path = "/v1/groups/" + Sample.GID + "/commits";
        server.post(path, MediaTypes.COMMIT_BUNDLE, bundle(0));
        HttpResponse<byte[]> refused = server.post(path, MediaTypes.COMMIT_BUNDLE, bundle(0));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(problem(refused)).isEqualTo("stale-epoch");
        assertThat(json(refused).get("epoch").asInt()).isEqualTo(1);
        assertThat(json(refused).get("head").asInt()).isEqualTo(1);
    }

    @Test
    void theLogIsJsonForWhoAsksForIt() throws Exception {
        server.withGroup();
        server.postMessage(Sample.application(3));
        HttpResponse<byte[]> log =
                server.send(server.request("/v1/groups/" + Sample.GID + "/log").header("Accept", "application/json"));
        assertThat(json(log).at("/entries/0/seq").asInt()).isEqualTo(1);
        assertThat(json(log).at("/entries/0/kind").asText()).isEqualTo("application");
    }

    @ParameterizedTest
    @EnumSource(ProblemKind.class)
    void eachProblemHasItsStatusAndType(ProblemKind kind) throws Exception {
        server.service.failure.set(new Problem(
                        kind,
                        "as the test wants",
                        Optional.of("SOME_RULE"),
                        Optional.of(-1L),
                        Optional.of(5L),
                        Optional.of(Duration.ofMillis(1500)),
                        Optional.of(7))
                .asException());
        HttpResponse<byte[]> refused = server.get("/v1/groups");
        assertThat(refused.statusCode()).isEqualTo(kind.status());
        assertThat(problem(refused)).isEqualTo(kind.wireName());
        assertThat(json(refused).get("rule").asText()).isEqualTo("SOME_RULE");
        assertThat(json(refused).get("epoch").asText()).isEqualTo("18446744073709551615");
        assertThat(json(refused).get("retryAfter").asInt()).isEqualTo(2);
        assertThat(json(refused).get("offset").asInt()).isEqualTo(7);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(refused.headers().firstValue("Cache-Control")).hasValue("no-store");
        server.service.failure.set(null);
        assertThat(server.get("/v1/groups").statusCode()).as("the server lives").isEqualTo(200);
    }

    @Test
    void anUnknownOutcomeIsNoRefusal() throws Exception {
        server.service.failure.set(new OutcomeUnknownException("the database went away", null));
        HttpResponse<byte[]> answer = server.get("/v1/groups");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(problem(answer)).isEqualTo("outcome-unknown");
        assertThat(ProblemKind.ofType(json(answer).get("type").asText())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBugIsToldAsOneWithoutItsWords(boolean error) throws Exception {
        server.service.failure.set(
                error ? new AssertionError("secret words") : new IllegalStateException("secret words"));
        for (HttpResponse<byte[]> answer : List.of(
                server.get("/v1/groups"),
                server.get("/v1/inbox?wait=5000"),
                server.postMessage(Sample.application(1)))) {
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(problem(answer)).isEqualTo("internal");
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("secret");
        }
    }

    @Test
    @Tag("A-3.2-01")
    void nothingIsAnsweredWithoutAToken() throws Exception {
        for (String value :
                new String[] {"", "Bearer", "Bearer ", "Basic abc", "Bearer wrong", "Bearer " + "x".repeat(600)}) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/v1/groups"));
            if (!value.isEmpty()) {
                request.header("Authorization", value);
            }
            HttpResponse<byte[]> answer = server.send(request);
            assertThat(answer.statusCode()).as(value).isEqualTo(401);
            assertThat(problem(answer)).isEqualTo("unauthenticated");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        }
        assertThat(server.service.calls).hasValue(0);
    }

    @Test
    void aWriteNeedsARequestId() throws Exception {
        for (String id : new String[] {"", "17", "01020304-0506-0708-090A-0B0C0D0E0F10", "x".repeat(36)}) {
            HttpRequest.Builder request = server.request("/v1/groups")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
            if (!id.isEmpty()) {
                request.header("Request-Id", id);
            }
            HttpResponse<byte[]> answer = server.send(request);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(json(answer).get("rule").asText()).isEqualTo("HEADER");
        }
    }

    /** A refusal used to be sent before the body had come, and the connection closed on the sender, who then lost the answer. */
    @Test
    void aRefusalWaitsForAShortBodySoThatItsSenderReadsIt() throws Exception {
        try (Socket socket = server.connect()) {
            String head = "POST /v1/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 404");
        }
    }

    @Test
    @Tag("A-6.3-02")
    void theSameRequestAgainGetsTheFirstAnswer() throws Exception {
        server.withGroup();
        String id = UUID.randomUUID().toString();
        HttpRequest.Builder request = server.request("/v1/groups/" + Sample.GID + "/messages")
                .header("Content-Type", "message/mls")
                .header("Request-Id", id)
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Sample.application(1).encoded()));
        assertThat(json(server.send(request)).get("repeated").asBoolean()).isFalse();
        assertThat(json(server.send(request)).get("repeated").asBoolean()).isTrue();
        HttpResponse<byte[]> other = server.send(request.POST(
                HttpRequest.BodyPublishers.ofByteArray(Sample.application(2).encoded())));
        assertThat(problem(other)).isEqualTo("request-id-reused");
        HttpResponse<byte[]> outcome = server.get("/v1/requests/" + id);
        assertThat(json(outcome).at("/appended/seq").asInt()).isEqualTo(1);
        assertThat(problem(server.get("/v1/requests/" + UUID.randomUUID()))).isEqualTo("unknown");
    }

    @Test
    void aGroupIsNamedOnce() throws Exception {
        HttpResponse<byte[]> answer = server.post(
                "/v1/groups/AAAA/messages", "message/mls", Sample.application(1).encoded());
        assertThat(json(answer).get("rule").asText()).isEqualTo("GROUP_ID");
    }

    @Test
    void otherMethodsAreTold() throws Exception {
        HttpResponse<byte[]> answer = server.send(server.request("/v1/groups").DELETE());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(problem(answer)).isEqualTo("method-not-allowed");
    }

    @Test
    void speaksHttp2InClear() throws Exception {
        HttpClient two =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<byte[]> answer =
                two.send(server.request("/v1/key-packages").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(json(answer).at("/suites/0/ordinary").asInt()).isEqualTo(99);
    }

    @Test
    void answersHeadAsGetWithoutTheBody() throws Exception {
        HttpRequest.Builder head =
                server.request("/v1/key-packages").method("HEAD", HttpRequest.BodyPublishers.noBody());
        HttpResponse<byte[]> answer = server.send(head);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void believesAProxyOnlyWhereThereIsOne() throws Exception {
        HttpRequest.Builder challenge = HttpRequest.newBuilder(server.uri("/v1/auth/challenge"))
                .header("X-Forwarded-For", "192.0.2.1, 192.0.2.2")
                .POST(HttpRequest.BodyPublishers.noBody());
        server.send(challenge);
        assertThat(server.service.origins).containsExactly("[127, 0, 0, 1]");
        try (TestServer proxied = TestServer.start(config -> config.withProxy(true))) {
            proxied.send(challenge.uri(proxied.uri("/v1/auth/challenge")));
            assertThat(proxied.service.origins).containsExactly("192.0.2.2");
        }
    }

    /** Whoever came through a proxy had as many origins as a network of IPv6 has addresses, or a proxy ports. */
    @Test
    void takesOneNetworkForOneOriginAlsoBehindAProxy() throws Exception {
        try (TestServer proxied = TestServer.start(config -> config.withProxy(true))) {
            for (String hop : List.of(
                    "2001:db8::1",
                    "2001:DB8:0:0:ffff::2",
                    "[2001:db8::3]:4711",
                    "2001:db8:0:1::1",
                    "192.0.2.2",
                    "192.0.2.2:4711",
                    "192.0.2.2:4712",
                    "unknown",
                    "db8::x")) {
                proxied.send(HttpRequest.newBuilder(proxied.uri("/v1/auth/challenge"))
                        .header("X-Forwarded-For", "192.0.2.1, \"" + hop + "\"")
                        .POST(HttpRequest.BodyPublishers.noBody()));
            }
            assertThat(proxied.service.origins)
                    .containsExactlyInAnyOrder(
                            "[32, 1, 13, -72, 0, 0, 0, 0]",
                            "[32, 1, 13, -72, 0, 0, 0, 1]",
                            "192.0.2.2",
                            "unknown",
                            "db8::x");
        }
    }
}
