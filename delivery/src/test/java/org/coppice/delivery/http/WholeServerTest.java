package org.coppice.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.ca.AuthorityConfig;
import org.coppice.delivery.ca.IssuerKey;
import org.coppice.delivery.contract.Device;
import org.coppice.delivery.contract.Servers;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.group.MlsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node as an operator starts it: engine, service and front together. */
@Timeout(60)
class WholeServerTest {
    private static final ClientId ALICE = ClientId.parse("alice/laptop");

    @TempDir
    private Path data;

    private final MlsClient alice = Device.mls(ALICE, HandshakePolicy.PUBLIC);
    private final SuiteCrypto crypto = crypto();

    private static SuiteCrypto crypto() {
        try {
            return Environment.builder()
                    .validator(CredentialValidator.acceptAll())
                    .build()
                    .crypto(Device.SUITE);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private ServerConfig config() {
        return ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(data))
                .withDelivery(Servers.config())
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.of(new ServerConfig.Ops("127.0.0.1", 0)));
    }

    private RegisteredCredential credential() {
        return new RegisteredCredential(
                Device.SUITE, ALICE.basicCredential(), alice.signer().publicKey());
    }

    private PlainSession register(DeliveryServer server) throws Exception {
        return new PlainSession(PlainClient.register(server.url(), ALICE, credential(), crypto, alice.signer()), ALICE);
    }

    private static void refuses(ProblemKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void keepsItsDataWhenItIsStartedAgain() throws Exception {
        try (DeliveryServer server = DeliveryServer.start(config())) {
            Device device = new Device(ALICE, alice, register(server));
            device.create();
            device.say("hello");
            HttpResponse<String> metrics = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + server.opsPort().orElseThrow() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(metrics.body()).contains("coppice_groups 1.0").contains("coppice_log_heads 1.0");
        }
        try (DeliveryServer server = DeliveryServer.start(config())) {
            assertThat(register(server).groups())
                    .singleElement()
                    .satisfies(group -> assertThat(group.head()).isEqualTo(1));
        }
    }

    /** By a token of alice's, without her key. */
    @Test
    void aStolenTokenMakesNoCodeAndRevokesNobody() throws Exception {
        Clock clock = Clock.systemUTC();
        ServerConfig withAuthority = config().withDelivery(
                        Servers.config().withAuthority(AuthorityConfig.of(IssuerKey.openOrCreate(data, clock))));
        try (DeliveryServer server = DeliveryServer.start(withAuthority)) {
            PlainClient stolen = PlainClient.register(server.url(), ALICE, credential(), crypto, alice.signer());
            MlsClient thief = Device.mls(ALICE, HandshakePolicy.PUBLIC);
            for (String path : List.of("/v1/ca/codes", "/v1/ca/revocations")) {
                Bytes challenge = PlainClient.challenge(server.url());
                ConsentStatement statement = path.endsWith("codes")
                        ? ConsentStatement.toCode(ALICE, challenge, Optional.empty())
                        : ConsentStatement.toRevocation(ALICE, challenge, ALICE, "unspecified");
                Bytes consent = statement.sign(crypto, thief.signer());
                ObjectNode body = stolen.object()
                        .put("challenge", challenge.toByteArray())
                        .put("consent", consent.toByteArray());
                if (path.endsWith("revocations")) {
                    body.put("client", ALICE.toString());
                }
                assertThatThrownBy(() -> stolen.write("POST", path, Device.request(), body))
                        .isInstanceOfSatisfying(
                                DeliveryException.class,
                                e -> assertThat(e.problem().rule()).contains("CONSENT"));
            }
        }
    }

    /** Where another service could pass a login on: it would have the client sign another name. */
    @Test
    void takesNoLoginThatWasMeantForAnotherService() throws Exception {
        try (DeliveryServer server = DeliveryServer.start(config())) {
            register(server);
            assertThat(login(server, server.url(), server.url())).isEqualTo(200);
            assertThat(login(server, "https://elsewhere.example", "https://elsewhere.example"))
                    .isEqualTo(401);
            assertThat(login(server, "https://elsewhere.example", server.url())).isEqualTo(401);
        }
        ServerConfig named = config().withPublicUrls(List.of(URI.create("https://chat.example.org")));
        try (DeliveryServer server = DeliveryServer.start(named)) {
            assertThat(server.url()).isEqualTo("https://chat.example.org");
            assertThat(login(server, "https://chat.example.org", "https://chat.example.org"))
                    .isEqualTo(200);
            String address = "http://127.0.0.1:" + server.port();
            assertThat(login(server, address, address)).isEqualTo(401);
        }
    }

    /** Signs {@code signed} and says that it signed {@code said}; returns the status. */
    private int login(DeliveryServer server, String signed, String said) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        String url = "http://127.0.0.1:" + server.port();
        HttpResponse<byte[]> challenge = http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/auth/challenge"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        Bytes nonce = Bytes.wrap(TestServer.json(challenge).get("challenge").binaryValue());
        Bytes signature = LoginStatement.of(signed, nonce, ALICE).sign(crypto, alice.signer());
        String body = PlainClient.credential(Json.object(), credential())
                .put("client", ALICE.toString())
                .put("audience", said)
                .put("challenge", nonce.toByteArray())
                .put("signature", signature.toByteArray())
                .toString();
        HttpRequest login = HttpRequest.newBuilder(URI.create(url + "/v1/auth/token"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        int status = http.send(login, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
        HttpResponse<byte[]> again = http.send(login, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(again.statusCode()).as("the same login again").isEqualTo(401);
        return status;
    }

    @Test
    void takesNoTokenThatHasEnded() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        DeliveryConfig.Ambient system = DeliveryConfig.Ambient.system();
        DeliveryConfig delivery =
                Servers.config().withAmbient(new DeliveryConfig.Ambient(clock, system.randomness(), system.workers()));
        try (DeliveryServer server = DeliveryServer.start(config().withDelivery(delivery))) {
            PlainSession session = register(server);
            assertThat(session.groups()).isEmpty();
            now.updateAndGet(time -> time.plus(Duration.ofDays(2)));
            refuses(ProblemKind.UNAUTHENTICATED, session::groups);
        }
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        try (DeliveryServer server = DeliveryServer.start(config())) {
            assertThatThrownBy(() -> DeliveryServer.start(config()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("data directory");
            assertThatThrownBy(() ->
                            DeliveryServer.start(config().withStorage(new Storage.Directory(data.resolve("other")))
                                    .withAddress("127.0.0.1", server.port())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(Integer.toString(server.port()));
            assertThat(register(server).groups()).isEmpty();
        }
    }
}
