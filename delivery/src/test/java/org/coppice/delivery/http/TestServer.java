package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.mls.framing.MlsMessage;

/** A server over {@link FakeService} on a free port, and a client for it. */
final class TestServer implements AutoCloseable {
    static final String ALICE = FakeService.token("alice/laptop");
    static final String BOB = FakeService.token("bob/laptop");
    private static final ObjectMapper JSON = new ObjectMapper();

    final FakeService service = new FakeService();
    final DeliveryServer server;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(ServerConfig config, Clock clock) throws IOException {
        server = DeliveryServer.start(config, clock, (audiences, metrics) -> service);
    }

    static TestServer start() throws IOException {
        return start(UnaryOperator.identity());
    }

    static TestServer start(UnaryOperator<ServerConfig> change) throws IOException {
        return start(change, Clock.systemUTC());
    }

    static TestServer start(UnaryOperator<ServerConfig> change, Clock clock) throws IOException {
        return new TestServer(
                change.apply(ServerConfig.DEFAULT
                        .withAddress("127.0.0.1", 0)
                        .withOps(Optional.of(new ServerConfig.Ops("127.0.0.1", 0)))
                        .withDrain(Duration.ZERO, Duration.ofSeconds(10))),
                clock);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    /** A request of alice's laptop. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + ALICE);
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<byte[]> postJson(String path, String json) throws IOException, InterruptedException {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", type)
                .header("Request-Id", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    HttpResponse<byte[]> postMessage(MlsMessage message) throws IOException, InterruptedException {
        return post("/v1/groups/" + Sample.GID + "/messages", "message/mls", message.encoded());
    }

    /** Creates {@link Sample#GROUP}. */
    TestServer withGroup() throws IOException, InterruptedException {
        String info = JsonValues.base64(Sample.groupInfo().encoded());
        HttpResponse<byte[]> created = postJson("/v1/groups", "{\"groupInfo\":\"" + info + "\"}");
        if (created.statusCode() != 201) {
            throw new AssertionError(json(created));
        }
        return this;
    }

    static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return JSON.readTree(response.body());
    }

    /** Kind of the problem that an answer is. */
    static String problem(HttpResponse<byte[]> response) throws IOException {
        String type = response.headers().firstValue("Content-Type").orElse("none");
        if (!type.equals("application/problem+json")) {
            throw new AssertionError(response.statusCode() + " is no problem but of type " + type);
        }
        JsonNode problem = json(response);
        if (problem.path("status").asInt() != response.statusCode()
                || problem.path("title").asText().isEmpty()
                || problem.path("detail").asText().isEmpty()) {
            throw new AssertionError(problem);
        }
        return problem.path("type").asText().replace("urn:coppice:problem:", "");
    }

    /** A bare connection. */
    Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    String ops(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + server.opsPort().orElseThrow() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
