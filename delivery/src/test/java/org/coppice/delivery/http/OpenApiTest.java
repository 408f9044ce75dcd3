package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The document says what the server does: the same routes, examples that work, answers that fit their schemas. */
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the placeholders in the examples stand for. */
    private static final Map<String, byte[]> OBJECTS = Map.of(
            "$KEY_PACKAGE", Sample.keyPackage().encoded(),
            "$GROUP_INFO", Sample.groupInfo().encoded(),
            "$APPLICATION_MESSAGE", Sample.application(5).encoded(),
            "$WELCOME", Sample.welcome().encoded(),
            "$ANCHOR", FakeAuthority.PEM.getBytes(StandardCharsets.US_ASCII),
            "$COMMIT_BUNDLE",
                    CommitBundle.of(Sample.commit(0), Optional.empty(), Optional.empty())
                            .encoded());

    private final OpenApi api;

    OpenApiTest() throws Exception {
        api = OpenApi.load();
    }

    @Test
    void documentAndServerHaveTheSameRoutes() throws Exception {
        try (TestServer server = TestServer.start()) {
            TreeSet<String> documented = new TreeSet<>();
            api.operations().forEach(operation -> documented.add(operation.toString()));
            assertThat(documented).isEqualTo(new TreeSet<>(server.server.served()));
        }
    }

    @Test
    void everyProblemOfTheContractIsListed() {
        List<String> listed = Stream.iterate(0, i -> i + 1)
                .map(i -> api.root().at("/components/schemas/Problem/properties/type/enum/" + i))
                .takeWhile(node -> !node.isMissingNode())
                .map(JsonNode::asText)
                .toList();
        assertThat(listed)
                .containsAll(Arrays.stream(ProblemKind.values())
                        .map(ProblemKind::type)
                        .toList())
                .contains(Problems.INTERNAL, Problems.METHOD, Problems.OUTCOME_UNKNOWN, Problems.TOO_SLOW)
                .hasSize(ProblemKind.values().length + 4);
    }

    @Test
    void writesNeedARequestIdAndOnlyThey() {
        for (OpenApi.Operation operation : api.operations()) {
            boolean documented = api.parameters(operation).stream()
                    .anyMatch(parameter -> parameter.get("name").asText().equals("Request-Id"));
            boolean write = List.of("POST", "PUT").contains(operation.method());
            assertThat(documented).as(operation.toString()).isEqualTo(write && needsToken(operation));
        }
    }

    @TestFactory
    Stream<DynamicTest> everyExampleWorks() {
        return api.operations().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> {
                    try (TestServer server = TestServer.start()) {
                        prepare(server, operation);
                        run(server, operation);
                    }
                }));
    }

    /** What the example takes for granted: alice's group, a message in it, a Welcome. */
    private static void prepare(TestServer server, OpenApi.Operation operation) throws Exception {
        String id = operation.node().get("operationId").asText();
        if (operation.path().contains("{gid}")
                || List.of("groups", "outcome", "events").contains(id)) {
            server.withGroup();
        }
        if (List.of("read", "outcome").contains(id)) {
            server.send(server.request("/v1/groups/" + Sample.GID + "/messages")
                    .header("Content-Type", "message/mls")
                    .header("Request-Id", "01020304-0506-0708-090a-0b0c0d0e0f10")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(OBJECTS.get("$APPLICATION_MESSAGE"))));
        }
        if (id.equals("inbox")) {
            InboxEntry entry = new InboxEntry(1, Sample.GROUP, 1, 1, 1_800_000_000_000L, Sample.welcome());
            server.service.inbox(ClientId.parse("alice/laptop")).add(entry);
        }
        if (id.equals("settings")) {
            server.service.group(Sample.GROUP).settings(GroupSettings.DEFAULT);
        }
    }

    private void run(TestServer server, OpenApi.Operation operation) throws Exception {
        HttpRequest.Builder request = request(server, operation);
        JsonNode body = operation.node().path("requestBody").path("content");
        HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.noBody();
        if (!body.isMissingNode()) {
            Map.Entry<String, JsonNode> content = body.properties().iterator().next();
            JsonNode example = fill(content.getValue().get("example"));
            assertThat(api.misfits(content.getValue().get("schema"), example, "request"))
                    .isEmpty();
            request.header("Content-Type", content.getKey());
            publisher = HttpRequest.BodyPublishers.ofByteArray(bytes(content.getKey(), example));
        }
        request.method(operation.method(), publisher);
        String expectedStatus = operation.node().get("responses").fieldNames().next();
        JsonNode expected =
                operation.node().get("responses").get(expectedStatus).path("content");
        if (expected.has("text/event-stream")) {
            checkStream(server, request, expected.get("text/event-stream"));
            return;
        }
        HttpResponse<byte[]> response = server.send(request);
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(Integer.parseInt(expectedStatus));
        if (expected.isMissingNode()) {
            assertThat(response.body()).isEmpty();
            return;
        }
        String type = response.headers().firstValue("Content-Type").orElse("none");
        assertThat(expected.has(type)).as(type).isTrue();
        JsonNode example = fill(expected.get(type).get("example"));
        if (type.equals("application/json")) {
            JsonNode answer = TestServer.json(response);
            assertThat(api.misfits(expected.get(type).get("schema"), answer, "answer"))
                    .isEmpty();
            assertThat(answer).isEqualTo(JSON.readTree(example.toString()));
        } else {
            assertThat(response.body()).isEqualTo(bytes(type, example));
        }
    }

    private HttpRequest.Builder request(TestServer server, OpenApi.Operation operation) {
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        HttpRequest.Builder headers = HttpRequest.newBuilder();
        for (JsonNode parameter : api.parameters(operation)) {
            String name = parameter.get("name").asText();
            String value = parameter.path("example").asText("");
            if (value.isEmpty()) {
                continue;
            }
            switch (parameter.get("in").asText()) {
                case "path" -> path = path.replace("{" + name + "}", value);
                case "query" ->
                    query.append(query.isEmpty() ? '?' : '&')
                            .append(name)
                            .append('=')
                            .append(value);
                default -> headers.header(name, value);
            }
        }
        if (needsToken(operation)) {
            headers.header("Authorization", "Bearer " + TestServer.ALICE);
        }
        return headers.uri(server.uri(path + query));
    }

    private static void checkStream(TestServer server, HttpRequest.Builder request, JsonNode content) throws Exception {
        HttpResponse<InputStream> response =
                server.client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        String[] expected = content.get("example").asText().strip().split("\n");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line : expected) {
                String got = in.readLine();
                // The first event may come alone, and then it has an id too.
                if (got.startsWith("id: ") && !line.startsWith("id: ")) {
                    got = in.readLine();
                }
                // Each reader is told another pause.
                assertThat(line.startsWith("retry: ") ? got.replaceAll("\\d+", "2000") : got)
                        .isEqualTo(line);
            }
        }
    }

    private static boolean needsToken(OpenApi.Operation operation) {
        String tags = operation.node().path("tags").toString();
        return !tags.contains("login") && !tags.contains("operator");
    }

    private static JsonNode fill(JsonNode example) throws Exception {
        String text = example.toString();
        for (String name : OBJECTS.keySet().stream().collect(Collectors.toCollection(TreeSet::new))) {
            text = text.replace(name, Base64.getEncoder().encodeToString(OBJECTS.get(name)));
        }
        return JSON.readTree(text);
    }

    private static byte[] bytes(String type, JsonNode example) throws Exception {
        return type.equals("application/json")
                ? JSON.writeValueAsBytes(example)
                : Bytes.wrap(Base64.getDecoder().decode(example.asText())).toByteArray();
    }
}
