package org.coppice.delivery.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.delivery.http.RawClient.status;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.coppice.delivery.Seed;
import org.coppice.delivery.api.MediaTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that nobody thought of. Whatever comes, no answer speaks of a fault of the server, and the server goes on. More of them:
 * {@code -Ddelivery.rounds=100000 -Dcoppice.test.seed=random}.
 */
@Tag("long")
class RandomRequestsTest {
    private static final int ROUNDS = Integer.getInteger("delivery.rounds", 1500);
    /** Stands for the group's id. */
    private static final String GID = "{gid}";

    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "X");
    private static final List<String> WORDS = List.of(
            "v1",
            "groups",
            GID,
            "log",
            "commits",
            "messages",
            "settings",
            "tree",
            "inbox",
            "users",
            "clients",
            "me",
            "credential",
            "key-packages",
            "claim",
            "auth",
            "token",
            "challenge",
            "requests",
            "reports",
            "group-info",
            "events",
            "",
            ".",
            "..",
            "%",
            "%00",
            "*",
            "\u00e9",
            "01020304-0506-0708-090a-0b0c0d0e0f10",
            "ca",
            "crl",
            "enrolments",
            "renewals",
            "revocations",
            "codes",
            "operator",
            "alice");
    private static final List<String> HEADERS = List.of(
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Content-Length: -1",
            "Content-Length: 5",
            "Accept: application/json;q=x",
            "Accept: ;;;,,",
            "Accept: application/json",
            "Accept:",
            "Accept-Encoding: ;q=,",
            "Content-Encoding: gzip",
            "Content-Type: ;",
            "Operator-Token: ",
            "X-Forwarded-For: ,",
            "Forwarded: \"",
            "Host: [::1",
            "Authorization: Bearer",
            "Authorization:",
            "Request-Id: 0-0-0-0-0",
            "If-Modified-Since: never",
            "Expect: 100-continue",
            "Expect: magic",
            "Range: bytes=0-1",
            "Connection: upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "Last-Event-ID: e1",
            "Authorization: Bearer t-bob.laptop",
            "Cookie: a=b; c",
            "X\u0001: y",
            " folded: line");

    private static final List<String> TYPES = List.of("", "application/json", "message/mls", MediaTypes.COMMIT_BUNDLE);
    private static final List<String> QUERIES = List.of(
            "?",
            "?after=1",
            "?wait=1",
            "?limit=x",
            "?epoch=0",
            "?epoch=18446744073709551615",
            "?upTo=3",
            "?a=%zz&&",
            "?&",
            "?=");
    private static final List<String> JSON = List.of(
            "{\"keyPackages\":[\"" + JsonValues.base64(Sample.keyPackage().encoded()) + "\"]}",
            "{\"client\":\"alice/laptop\",\"cipherSuite\":1,\"credential\":\"AAEMYWxpY2UvbGFwdG9w\",\"signatureKey\":\"AA==\","
                    + "\"challenge\":\"AAECAwQFBgcICQoLDA0ODw==\",\"signature\":\"AA==\"}",
            "{\"handshakes\":\"public\",\"externalJoins\":{\"policy\":\"users\",\"users\":[\"bob\"]}}",
            "{\"user\":\"bob\",\"cipherSuite\":1,\"required\":{\"extensions\":[3]},\"understood\":[1,2]}",
            "{\"seq\":1,\"rule\":\"SOME_RULE\"}",
            "{\"groupInfo\":\"" + JsonValues.base64(Sample.groupInfo().encoded()) + "\"}",
            "{\"csr\":\"AAAA\",\"code\":\"k7f3q-9tm2x-4wd8h-p5rca\"}",
            "{\"csr\":\"-----BEGIN CERTIFICATE REQUEST-----AA==-----END CERTIFICATE REQUEST-----\",\"oidcToken\":\"a.b.c\"}",
            "{\"client\":\"alice/phone\",\"reason\":\"superseded\"}",
            "{\"device\":\"phone\"}",
            "{\"client\":\"alice/laptop\",\"consent\":\"AA==\"}",
            "{}");

    @TempDir
    private Path directory;

    private static <T> T any(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String request(Random random, List<OpenApi.Operation> operations, RandomTarget target)
            throws Exception {
        boolean known = random.nextInt(3) > 0;
        OpenApi.Operation operation = any(random, operations);
        String type = known
                ? operation.node().at("/requestBody/content").properties().stream()
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("")
                : any(random, TYPES);
        String path = known
                ? operation.path().replace("{user}", "bob").replace("{id}", any(random, WORDS))
                : IntStream.range(0, random.nextInt(6))
                        .mapToObj(i -> "/" + any(random, WORDS))
                        .collect(Collectors.joining());
        String query = random.nextInt(3) == 0 ? any(random, QUERIES) : "";
        String body = body(random, type, target);
        List<String> headers = new ArrayList<>();
        if (!type.isEmpty()) {
            headers.add("Content-Type: " + type);
            headers.add("Content-Length: " + body.length());
        }
        for (int i = known ? 2 : 0; i < random.nextInt(4); i++) {
            headers.add(any(random, HEADERS));
        }
        String method = known ? operation.method() : any(random, METHODS);
        String head = RawClient.head(method, path.replace(GID, target.gid()) + query, headers.toArray(String[]::new));
        return head.replace(TestServer.ALICE, target.token())
                        .replace("01020304-0506-0708-090a-0b0c0d0e0f10", new UUID(0, random.nextInt(100)).toString())
                + body;
    }

    private static String body(Random random, String type, RandomTarget target) throws Exception {
        return switch (type) {
            case "" -> "";
            case "message/mls" -> new String(target.message().encoded(), ISO_8859_1);
            case MediaTypes.COMMIT_BUNDLE -> new String(target.bundle().encoded(), ISO_8859_1);
            default -> any(random, JSON);
        };
    }

    /** Changes a few bytes, cuts, or doubles a part. */
    private static byte[] spoil(Random random, byte[] request) {
        byte[] out = request;
        for (int i = Math.max(0, random.nextInt(6) - 2); i > 0 && out.length > 0; i--) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(4)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> out = Arrays.copyOf(out, at);
                default -> {
                    int count = Math.min(random.nextInt(200), out.length - at);
                    byte[] longer = Arrays.copyOf(out, out.length + count);
                    System.arraycopy(out, at, longer, out.length, count);
                    out = longer;
                }
            }
        }
        return out;
    }

    @Test
    void noneIsAnsweredByAFaultOfTheFront() throws Exception {
        try (RandomTarget target = new RandomTargetFront()) {
            send(target, 22556356407116L);
        }
    }

    @Test
    void noneIsAnsweredByAFaultOfTheNode() throws Exception {
        try (RandomTarget target = new RandomTargetNode(directory)) {
            send(target, 3);
        }
    }

    private static void send(RandomTarget target, long usualSeed) throws Exception {
        long seed = Seed.of(RandomRequestsTest.class, usualSeed);
        Random random = new Random(seed);
        List<OpenApi.Operation> operations = OpenApi.load().operations().stream()
                .filter(operation -> !operation.path().equals("/v1/events"))
                .toList();
        int[] byClass = new int[6];
        for (int i = 0; i < ROUNDS; i++) {
            String request = request(random, operations, target);
            byte[] bytes = spoil(random, request.getBytes(ISO_8859_1));
            try (RawClient client = new RawClient(target.connect())) {
                String answer = client.write(bytes).finish().answer();
                int status = status(answer);
                assertThat(status)
                        .as("seed %d, round %d: %s%n%s", seed, i, new String(bytes, ISO_8859_1), answer)
                        .isNotIn(500, 502, 503);
                byClass[status / 100]++;
                if (status == 204) {
                    target.logIn();
                }
            }
        }
        assertThat(target.status()).isEqualTo(200);
        assertThat(byClass[2])
                .as("some requests get through, so that the test tests something")
                .isGreaterThan(ROUNDS / 50);
        assertThat(byClass[4]).isGreaterThan(ROUNDS / 4);
    }
}
