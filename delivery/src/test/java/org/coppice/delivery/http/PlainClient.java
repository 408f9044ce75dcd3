package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.OutcomeUnknownException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;

/** Requests with a token, and problems as exceptions. */
final class PlainClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final String url;
    private final String token;

    PlainClient(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** Registers, or logs in who is registered. */
    static PlainClient register(
            String url, ClientId client, RegisteredCredential credential, SuiteCrypto crypto, Signer signer)
            throws Exception {
        PlainClient stranger = new PlainClient(url, "");
        Bytes nonce = challenge(url);
        ObjectNode body = credential(stranger.object(), credential)
                .put("client", client.toString())
                .put("audience", url)
                .put("challenge", nonce.toByteArray())
                .put(
                        "signature",
                        LoginStatement.of(url, nonce, client)
                                .sign(crypto, signer)
                                .toByteArray());
        JsonNode grant = stranger.json(stranger.send(stranger.request("/v1/clients")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))));
        return new PlainClient(url, grant.get("token").asText());
    }

    /** Something to sign. */
    static Bytes challenge(String url) throws Exception {
        PlainClient stranger = new PlainClient(url, "");
        JsonNode challenge = stranger.json(
                stranger.send(stranger.request("/v1/auth/challenge").POST(HttpRequest.BodyPublishers.noBody())));
        return Bytes.wrap(challenge.get("challenge").binaryValue());
    }

    static ObjectNode credential(ObjectNode body, RegisteredCredential credential) {
        return body.put("cipherSuite", credential.cipherSuite().value())
                .put("credential", credential.credential().encoded())
                .put("signatureKey", credential.signatureKey().data().toByteArray());
    }

    String token() {
        return token;
    }

    ObjectNode object() {
        return JSON.createObjectNode();
    }

    JsonNode get(String path) throws DeliveryException, IOException {
        return json(send(request(path).header("Accept", "application/json")));
    }

    byte[] getBytes(String path) throws DeliveryException, IOException {
        return send(request(path)).body();
    }

    void delete(String path) throws DeliveryException, IOException {
        send(request(path).DELETE());
    }

    JsonNode write(String method, String path, RequestId id, ObjectNode body) throws DeliveryException, IOException {
        return write(method, path, id, "application/json", JSON.writeValueAsBytes(body));
    }

    JsonNode write(String method, String path, RequestId id, String type, byte[] body)
            throws DeliveryException, IOException {
        return json(send(request(path)
                .header("Content-Type", type)
                .header("Request-Id", id.toString())
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))));
    }

    HttpResponse<InputStream> stream(String path, Optional<String> last) throws DeliveryException, IOException {
        HttpRequest.Builder request = request(path);
        last.ifPresent(id -> request.header("Last-Event-ID", id));
        try {
            HttpResponse<InputStream> response =
                    CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() >= 400) {
                throw problem(response.statusCode(), response.body().readAllBytes());
            }
            return response;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder out = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(90));
        if (!token.isEmpty()) {
            out.header("Authorization", "Bearer " + token);
        }
        return out;
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws DeliveryException, IOException {
        try {
            HttpResponse<byte[]> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() >= 400) {
                throw problem(response.statusCode(), response.body());
            }
            return response;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }

    private JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return JSON.readTree(response.body());
    }

    private static DeliveryException problem(int status, byte[] body) throws IOException {
        JsonNode problem = JSON.readTree(body);
        Optional<ProblemKind> kind = ProblemKind.ofType(problem.path("type").asText());
        if (kind.isEmpty()) {
            throw new OutcomeUnknownException(
                    "answered by " + status + ": " + problem.path("detail").asText(), null);
        }
        return new Problem(
                        kind.get(),
                        problem.get("detail").asText(),
                        field(problem, "rule").map(JsonNode::asText),
                        field(problem, "epoch").map(PlainValues::unsigned),
                        field(problem, "head").map(JsonNode::asLong),
                        field(problem, "retryAfter").map(seconds -> Duration.ofSeconds(seconds.asLong())),
                        field(problem, "offset").map(JsonNode::asInt))
                .asException();
    }

    private static Optional<JsonNode> field(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name));
    }
}
