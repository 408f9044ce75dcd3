package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.delivery.http.RawClient.assertProblem;
import static org.coppice.delivery.http.RawClient.head;
import static org.coppice.delivery.http.RawClient.status;
import static org.coppice.delivery.http.TestServer.json;
import static org.coppice.delivery.http.TestServer.problem;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers may send: the answer is clear, the server lives, and nothing that was kept is lost. */
@Timeout(60)
class BadInputTest {
    private static final String MESSAGES = "/v1/groups/" + Sample.GID + "/messages";

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(new TestLimits()
                .header(Duration.ofMillis(800))
                .grace(Duration.ofMillis(800))
                .config());
        server.withGroup();
        server.postMessage(Sample.application(1));
    }

    @AfterEach
    void livesAndHasLostNothing() throws Exception {
        HttpResponse<byte[]> log =
                server.send(server.request("/v1/groups/" + Sample.GID + "/log").header("Accept", "application/json"));
        assertThat(json(log).get("entries")).hasSize(1);
        server.close();
        assertThat(server.service.openSessions).hasValue(0);
    }

    private String raw(String... parts) throws IOException {
        try (RawClient client = new RawClient(server)) {
            for (String part : parts) {
                client.write(part);
            }
            return client.answer();
        }
    }

    @Test
    void aTruncatedBodyIsMalformed() throws Exception {
        try (RawClient client = new RawClient(server)) {
            client.write(head("POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 100"))
                    .write("only this")
                    .finish();
            assertProblem(client.answer(), 400, "malformed");
        }
    }

    @Test
    void aTruncatedMessageIsMalformedAndSaysWhere() throws Exception {
        byte[] whole = Sample.application(50).encoded();
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        HttpResponse<byte[]> answer = server.post(MESSAGES, "message/mls", half);
        assertThat(problem(answer)).isEqualTo("malformed");
        assertThat(json(answer).get("rule").asText()).isEqualTo("LENGTH_BEYOND_INPUT");
        assertThat(json(answer).get("offset").asInt()).isPositive();
    }

    @Test
    void anAnnouncedGiantIsRefusedBeforeItIsRead() throws Exception {
        String answer = raw(head(
                "POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 10000000000", "Expect: 100-continue"));
        assertProblem(answer, 413, "too-large");
        assertThat(answer).doesNotContain("100 Continue");
    }

    @Test
    void aGiantInChunksIsRefusedAtTheCap() throws Exception {
        String chunk = "3e8\r\n" + "x".repeat(1000) + "\r\n";
        String answer = raw(
                head("POST", MESSAGES, "Content-Type: message/mls", "Transfer-Encoding: chunked"), chunk.repeat(11));
        assertProblem(answer, 413, "too-large");
    }

    @Test
    void brokenChunksAreMalformed() throws Exception {
        String answer = raw(
                head("POST", MESSAGES, "Content-Type: message/mls", "Transfer-Encoding: chunked"), "zz\r\nhello\r\n");
        assertThat(status(answer)).isEqualTo(400);
    }

    @Test
    void twoLengthsAreNoRequest() throws Exception {
        assertProblem(
                raw(
                        head("POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 3", "Content-Length: 4"),
                        "abcd"),
                400,
                "malformed");
        assertProblem(
                raw(
                        head(
                                "POST",
                                MESSAGES,
                                "Content-Type: message/mls",
                                "Content-Length: 3",
                                "Transfer-Encoding: chunked"),
                        "0\r\n\r\n"),
                400,
                "malformed");
    }

    @Test
    void aHeaderThatNeverEndsIsCutOff() throws Exception {
        try (RawClient client = new RawClient(server)) {
            client.write("GET /v1/groups HTTP/1.1\r\nHost: localhost\r\n");
            long begun = System.nanoTime();
            Thread dripping = new Thread(() -> {
                try {
                    while (!Thread.interrupted()) {
                        client.write("X: y\r\n");
                        Thread.sleep(50);
                    }
                } catch (IOException | InterruptedException e) {
                    // closed
                }
            });
            dripping.start();
            try {
                client.answer();
            } finally {
                dripping.interrupt();
                dripping.join();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aBodyThatDripsIsCutOff() throws Exception {
        try (RawClient client = new RawClient(server)) {
            client.write(head("POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 5000"));
            assertProblem(dripping(client, "x"), 408, "too-slow");
        }
    }

    /** By the rate from its beginning it would have 96 seconds, all the while in memory. */
    @Test
    void aBodyThatComesInABurstAndDripsThenIsCutOff() throws Exception {
        try (TestServer patient = TestServer.start(new TestLimits()
                        .maxMessage(100_000)
                        .grace(Duration.ofMillis(800))
                        .config());
                RawClient client = new RawClient(patient)) {
            client.write(head("POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 100000"))
                    .write("x".repeat(98_000));
            assertProblem(dripping(client, "x"), 408, "too-slow");
        }
    }

    /** Two bodies of 64 MiB at the least rate were all the memory there is, for hours. */
    @Test
    void aBodyThatIsFastEnoughAndDoesNotEndIsCutOff() throws Exception {
        try (TestServer patient = TestServer.start(new TestLimits()
                        .maxMessage(500_000)
                        .grace(Duration.ofMillis(800))
                        .transfer(Duration.ofSeconds(3))
                        .config());
                RawClient client = new RawClient(patient)) {
            client.write(head("POST", MESSAGES, "Content-Type: message/mls", "Content-Length: 500000"));
            assertProblem(dripping(client, "x".repeat(250)), 408, "too-slow");
        }
    }

    /** The answer to who writes a little again and again. */
    private static String dripping(RawClient client, String drop) throws Exception {
        Thread dripping = new Thread(() -> {
            try {
                while (!Thread.interrupted()) {
                    client.write(drop);
                    Thread.sleep(50);
                }
            } catch (IOException | InterruptedException e) {
                // closed
            }
        });
        dripping.start();
        try {
            return client.answer();
        } finally {
            dripping.interrupt();
            dripping.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/auth/token", "/v1/clients", "/v1/ca/enrolments"})
    void whoShowsNoTokenSendsLittle(String path) throws Exception {
        assertProblem(
                raw(head("POST", path, "Content-Type: application/json", "Content-Length: 3000")), 413, "too-large");
    }

    @Test
    void aConnectionThatIsUsedOverAndOverIsNotCutOff() throws Exception {
        try (RawClient client = new RawClient(server)) {
            long until = System.nanoTime() + Duration.ofMillis(2500).toNanos();
            while (System.nanoTime() < until) {
                assertThat(status(client.write(head("GET", "/v1/key-packages")).answer()))
                        .isEqualTo(200);
                Thread.sleep(30);
            }
        }
    }

    @Test
    void aHeaderTooLongIsRefused() throws Exception {
        assertProblem(raw(head("GET", "/v1/groups", "X-Long: " + "y".repeat(20_000))), 431, "too-large");
        assertProblem(raw(head("GET", "/v1/" + "y".repeat(20_000))), 414, "too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/json", "message/mls2", "message/mls; charset=utf-8", "*/*"})
    void anotherContentTypeIsRefused(String type) throws Exception {
        String[] headers = type.isEmpty()
                ? new String[] {"Content-Length: 2"}
                : new String[] {"Content-Type: " + type, "Content-Length: 2"};
        assertProblem(raw(head("POST", MESSAGES, headers), "{}"), 415, "wrong-type");
    }

    @Test
    void aCompressedBodyIsRefused() throws Exception {
        String answer = raw(
                head("POST", MESSAGES, "Content-Type: message/mls", "Content-Encoding: gzip", "Content-Length: 2"),
                "xx");
        assertProblem(answer, 415, "wrong-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/groups/../groups",
                "/v1/groups/%2e%2e/log",
                "/v1//groups",
                "/v1/groups/",
                "/v1/groups/;x=y/log",
                "/v1/groups;x=y",
                "/v1/groups/Cgs%4d/log",
                "/v1/groups/CgsM%2flog",
                "/v1/groups/CgsM%00/log",
                "/v1/./groups",
                "//v1/groups",
                "/V1/groups",
                "/v1/groups/CgsM=/log",
                "/v1/groups/CgsN/../CgsM/log",
                "/v1/groups/C/log",
                "/v1/users/..%2f/clients",
                "/v1/users/-alice/clients",
                "/v1/requests/1",
                "/v1/requests/01020304-0506-0708-090A-0B0C0D0E0F10",
                "*",
                "http://elsewhere/v2/groups"
            })
    void odditiesInPathsFindNothing(String path) throws Exception {
        String answer = raw(head("GET", path));
        assertThat(status(answer)).as(answer).isIn(400, 404);
        assertThat(answer).contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after=-1",
                "after=1e3",
                "after=99999999999999999999",
                "after=",
                "after",
                "after=1&after=2",
                "limit=0",
                "limit=10001",
                "limit=+5",
                "wait=99999999999",
                "other=1",
                "after=%31",
                "after=01",
                "&",
                "after=1&",
                "&after=1",
                "="
            })
    void oddQueriesAreMalformed(String query) throws Exception {
        assertProblem(raw(head("GET", "/v1/groups/" + Sample.GID + "/log?" + query)), 400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: ;;;,,",
                "Accept:",
                "Accept: ,",
                "Accept: application/json;q=NaN",
                "X-Forwarded-For: ,,",
                "X-Forwarded-For: \"",
                "Last-Event-ID: -9223372036854775809",
                "Range: bytes=5-1",
                "If-None-Match: \"",
                "Cookie: =;=",
                "Forwarded: for=\"",
                "TE: ;;;",
                "Accept-Encoding: ;;;q=,,",
                "Content-Type: ;",
                "Content-Encoding: ,"
            })
    void oddHeadersOfAReadAreNoFault(String header) throws Exception {
        String answer = raw(head("GET", "/v1/groups/" + Sample.GID + "/log", header));
        assertThat(status(answer)).as(answer).isIn(200, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT localhost:80 HTTP/1.1",
                "CONNECT / HTTP/1.1",
                "GET http://localhost HTTP/1.1",
                "GET http:// HTTP/1.1",
                "GET localhost:80 HTTP/1.1",
                "GET ? HTTP/1.1",
                "GET # HTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "PRI * HTTP/1.1"
            })
    void oddTargetsAreNoFault(String line) throws Exception {
        String answer = raw(line + "\r\nHost: localhost\r\n\r\n");
        assertThat(status(answer)).as(answer).isIn(400, 404, 405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN CERTIFICATE REQUEST-----END CERTIFICATE REQUEST-----",
                "-----BEGIN CERTIFICATE REQUEST----------END CERTIFICATE REQUEST",
                "-----END CERTIFICATE REQUEST-----",
                ""
            })
    void anOddCertificateRequestIsNoFault(String text) throws Exception {
        HttpResponse<byte[]> answer = server.postJson("/v1/ca/enrolments", "{\"csr\":\"" + text + "\",\"code\":\"x\"}");
        assertThat(answer.statusCode()).isIn(201, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}x",
                "{\"keyPackages\":5}",
                "{\"keyPackages\":[5]}",
                "{\"keyPackages\":[\"***\"]}",
                "{\"keyPackages\":[\"AAAB\"]}",
                "{\"keyPackages\":[\"AA\"]}",
                "{\"keyPackages\":[\"AB==\"]}",
                "{\"keyPackages\":[],\"keyPackages\":[]}",
                "{\"keyPackages\":[],\"more\":1}",
                "\u00ff\u00fe{\u0000}\u0000",
                "{\"keyPackages\":[\"\\ud800\"]}"
            })
    void oddJsonIsMalformed(String body) throws Exception {
        HttpResponse<byte[]> answer =
                server.post("/v1/key-packages", "application/json", body.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(problem(answer)).isEqualTo("malformed");
    }

    @Test
    void deepJsonIsMalformed() throws Exception {
        HttpResponse<byte[]> answer = server.postJson("/v1/key-packages", "{\"a\":" + "[".repeat(4000));
        assertThat(problem(answer)).isEqualTo("malformed");
        HttpResponse<byte[]> number = server.postJson(
                "/v1/key-packages/claim", "{\"user\":\"bob\",\"cipherSuite\":" + "9".repeat(3000) + "}");
        assertThat(problem(number)).isEqualTo("malformed");
    }

    @Test
    void whatIsWrongInAFieldIsSaidWithoutRepeatingIt() throws Exception {
        HttpResponse<byte[]> answer =
                server.postJson("/v1/key-packages/claim", "{\"user\":\"<script>secret</script>\",\"cipherSuite\":1}");
        assertThat(json(answer).get("detail").asText()).contains("\"user\"").doesNotContain("secret");
        HttpResponse<byte[]> unknown = server.postJson("/v1/key-packages", "{\"secret\":1}");
        assertThat(json(unknown).get("detail").asText()).doesNotContain("secret");
        HttpResponse<byte[]> reason =
                server.postJson("/v1/ca/revocations", "{\"client\":\"alice/laptop\",\"reason\":\"secret\"}");
        assertThat(json(reason).get("detail").asText())
                .contains("\"reason\"")
                .doesNotContainIgnoringCase("secret")
                .doesNotContain("org.coppice");
    }

    @Test
    void randomBytesAreNoBundle() throws Exception {
        HttpResponse<byte[]> answer = server.post(
                "/v1/groups/" + Sample.GID + "/commits",
                MediaTypes.COMMIT_BUNDLE,
                UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
        assertThat(problem(answer)).isEqualTo("malformed");
    }

    @Test
    void aFullDiskIsSaidAndForgottenWhenItIsOver() throws Exception {
        server.service.failure.set(
                Problem.of(ProblemKind.OUT_OF_STORAGE, "no room is left").asException());
        HttpResponse<byte[]> answer = server.postMessage(Sample.application(2));
        assertThat(answer.statusCode()).isEqualTo(507);
        assertThat(problem(answer)).isEqualTo("out-of-storage");
        server.service.failure.set(null);
    }

    @Test
    void notHttpAtAll() throws Exception {
        assertThat(status(raw("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n")))
                .isIn(0, 400);
        assertThat(status(raw("GET /v1/groups HTTP/9.9\r\n\r\n"))).isIn(400, 505);
        assertThat(status(raw("GET /v1/groups HTTP/1.1\r\n\r\n"))).as("no Host").isEqualTo(400);
    }
}
