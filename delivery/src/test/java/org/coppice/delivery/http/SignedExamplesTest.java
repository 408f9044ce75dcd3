package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples in which something is signed, with a real service, by HTTP and the JDK alone: as somebody would who writes a client from
 * the document. Only what the service chooses, the challenge, takes the place of what is printed, and the signature over it.
 */
@Timeout(60)
class SignedExamplesTest {
    /** RFC 8032 §7.1, test 1: the key of the examples. */
    private static final byte[] SEED =
            HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    private static final String URL = "http://127.0.0.1:8420";

    /** The example of the document's header. */
    private static final String REQUEST_ID = "01020304-0506-0708-090a-0b0c0d0e0f10";

    @TempDir
    private Path data;

    private final HttpClient http = HttpClient.newHttpClient();
    private final OpenApi api;

    SignedExamplesTest() throws Exception {
        api = OpenApi.load();
    }

    @Test
    void whatIsPrintedIsSigned() throws Exception {
        for (String operation : List.of("register", "login")) {
            ObjectNode example = example(operation);
            assertThat(example.get("signature").binaryValue())
                    .as(operation)
                    .isEqualTo(sign(example.get("challenge").binaryValue(), example));
        }
        ObjectNode replacing = example("replaceCredential");
        assertThat(replacing.get("proof").binaryValue())
                .isEqualTo(signWithLabel("Coppice Credential 1", statement(replacing)));
        assertThat(replacing.get("consent").binaryValue()).isEqualTo(agree(1, statement(replacing)));
        ByteArrayOutputStream removal = new ByteArrayOutputStream();
        removal.writeBytes(requestId());
        vector(removal, text("alice/laptop"));
        assertThat(example("unregister").get("consent").binaryValue()).isEqualTo(agree(3, removal.toByteArray()));
        ObjectNode renewing = example("renew");
        assertThat(renewing.get("consent").binaryValue())
                .isEqualTo(agree(2, renewing.get("csr").binaryValue()));
        ObjectNode code = example("makeCode");
        assertThat(code.get("consent").binaryValue()).isEqualTo(agree(5, now(code, "device")));
        ObjectNode revoking = example("revoke");
        assertThat(revoking.get("consent").binaryValue()).isEqualTo(agree(6, now(revoking, "client", "reason")));
    }

    private ServerConfig config() {
        return ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(data))
                .withAddress("127.0.0.1", 0)
                .withPublicUrls(List.of(URI.create(URL)))
                .withOps(Optional.empty());
    }

    @Test
    void whoDoesAsTheDocumentSaysIsLoggedIn() throws Exception {
        try (DeliveryServer server = DeliveryServer.start(config())) {
            String base = "http://127.0.0.1:" + server.port();
            grant("register", 201, post(base, "/v1/clients", answering("register", base)));
            JsonNode grant = grant("login", 200, post(base, "/v1/auth/token", answering("login", base)));
            HttpResponse<byte[]> groups = http.send(
                    HttpRequest.newBuilder(URI.create(base + "/v1/groups"))
                            .header(
                                    "Authorization",
                                    "Bearer " + grant.get("token").asText())
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(groups.statusCode()).isEqualTo(200);
            asPrinted(base, grant.get("token").asText(), "PUT", "/v1/clients/me/credential", "replaceCredential");

            assertThat(post(base, "/v1/auth/token", example("login")).statusCode())
                    .as("a challenge of somebody else")
                    .isEqualTo(401);
        }
    }

    @Test
    void whoUnregistersAsTheDocumentSaysCannotLogIn() throws Exception {
        try (DeliveryServer server = DeliveryServer.start(config())) {
            String base = "http://127.0.0.1:" + server.port();
            JsonNode grant = grant("register", 201, post(base, "/v1/clients", answering("register", base)));
            asPrinted(base, grant.get("token").asText(), "POST", "/v1/clients/removals", "unregister");
            assertThat(post(base, "/v1/auth/token", answering("login", base)).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void whoVouchesAsTheDocumentSaysLetsAFurtherDeviceIn() throws Exception {
        try (DeliveryServer server = DeliveryServer.start(config())) {
            String base = "http://127.0.0.1:" + server.port();
            grant("register", 201, post(base, "/v1/clients", answering("register", base)));
            ObjectNode phone = example("register").put("client", "alice/phone");
            phone.put(
                    "credential",
                    HexFormat.of().parseHex("00010b" + HexFormat.of().formatHex(text("alice/phone"))));
            proving(phone, challenge(base));
            assertThat(post(base, "/v1/clients", phone).statusCode()).isEqualTo(403);
            proving(phone, challenge(base));
            byte[] challenge = challenge(base);
            ByteArrayOutputStream subject = new ByteArrayOutputStream();
            vector(subject, challenge);
            vector(subject, text("alice/phone"));
            subject.writeBytes(new byte[] {0, (byte) phone.get("cipherSuite").asInt()});
            subject.writeBytes(phone.get("credential").binaryValue());
            vector(subject, phone.get("signatureKey").binaryValue());
            phone.putObject("voucher")
                    .put("client", "alice/laptop")
                    .put("challenge", challenge)
                    .put("consent", agree(4, subject.toByteArray()));
            grant("register", 201, post(base, "/v1/clients", phone));
        }
    }

    /** As it is printed: nothing in it is the service's to choose. */
    private void asPrinted(String base, String token, String method, String path, String operation) throws Exception {
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .header("Request-Id", REQUEST_ID)
                        .method(
                                method,
                                HttpRequest.BodyPublishers.ofString(
                                        example(operation).toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(204);
    }

    private OpenApi.Operation operation(String id) {
        return api.operations().stream()
                .filter(one -> one.node().get("operationId").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private ObjectNode example(String operation) {
        return operation(operation)
                .node()
                .at("/requestBody/content/application~1json/example")
                .deepCopy();
    }

    /** The example with a challenge of this service. */
    private ObjectNode answering(String operation, String base) throws Exception {
        return proving(example(operation), challenge(base));
    }

    private byte[] challenge(String base) throws Exception {
        HttpResponse<byte[]> response = post(base, "/v1/auth/challenge", null);
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode challenge = TestServer.json(response);
        assertThat(misfits("challenge", 200, challenge)).isEmpty();
        return challenge.get("challenge").binaryValue();
    }

    private static ObjectNode proving(ObjectNode who, byte[] challenge) throws Exception {
        return who.put("challenge", challenge).put("signature", sign(challenge, who));
    }

    private JsonNode grant(String operation, int status, HttpResponse<byte[]> response) throws Exception {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        JsonNode out = TestServer.json(response);
        assertThat(misfits(operation, status, out)).isEmpty();
        return out;
    }

    private List<String> misfits(String operation, int status, JsonNode answer) {
        JsonNode schema = operation(operation).node().at("/responses/" + status + "/content/application~1json/schema");
        return api.misfits(schema, answer, "answer");
    }

    private HttpResponse<byte[]> post(String base, String path, ObjectNode body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (body == null) {
            request.POST(HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** SignWithLabel over the statement, in the words of the document. */
    private static byte[] sign(byte[] challenge, JsonNode example) throws GeneralSecurityException {
        ByteArrayOutputStream statement = new ByteArrayOutputStream();
        vector(statement, text(example.path("audience").asText(URL)));
        vector(statement, challenge);
        vector(statement, text(example.get("client").asText()));
        return signWithLabel("Coppice Login 1", statement.toByteArray());
    }

    /** What a credential is proven with, in the words of the document. */
    private static byte[] statement(JsonNode example) throws Exception {
        ByteArrayOutputStream statement = new ByteArrayOutputStream();
        vector(statement, text("alice/laptop"));
        statement.writeBytes(requestId());
        statement.writeBytes(new byte[] {0, (byte) example.get("cipherSuite").asInt()});
        statement.writeBytes(example.get("credential").binaryValue());
        vector(statement, example.get("signatureKey").binaryValue());
        return statement.toByteArray();
    }

    /** What is agreed to at this moment: a challenge, and fields as text, in the words of the document. */
    private static byte[] now(JsonNode example, String... fields) throws Exception {
        ByteArrayOutputStream subject = new ByteArrayOutputStream();
        vector(subject, example.get("challenge").binaryValue());
        for (String field : fields) {
            vector(subject, text(example.get(field).asText()));
        }
        return subject.toByteArray();
    }

    private static byte[] requestId() {
        return HexFormat.of().parseHex(REQUEST_ID.replace("-", ""));
    }

    /** The consent to an act, in the words of the document. */
    private static byte[] agree(int act, byte[] subject) throws GeneralSecurityException {
        ByteArrayOutputStream statement = new ByteArrayOutputStream();
        vector(statement, text("alice/laptop"));
        statement.write(act);
        vector(statement, subject);
        return signWithLabel("Coppice Consent 1", statement.toByteArray());
    }

    /** RFC 9420 §5.1.2. */
    private static byte[] signWithLabel(String label, byte[] statement) throws GeneralSecurityException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        vector(content, text("MLS 1.0 " + label));
        vector(content, statement);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, SEED)));
        signature.update(content.toByteArray());
        return signature.sign();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A vector with a length of one or two bytes (RFC 9420 §2.1.2). */
    private static void vector(ByteArrayOutputStream out, byte[] content) {
        if (content.length >= 64) {
            out.write(0x40 | content.length >> 8);
        }
        out.write(content.length);
        out.writeBytes(content);
    }
}
