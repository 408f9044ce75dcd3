package org.coppice.fuzz.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.ca.AuthorityConfig;
import org.coppice.delivery.ca.IssuerKey;
import org.coppice.delivery.ca.OperatorToken;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;
import org.coppice.testkit.SeededRandomness;

/**
 * A whole node of the service on this machine, over SQLite and with an authority; alice has a group there, and she and bob have key
 * packages.
 */
final class Node implements AutoCloseable {
    /** By what the node knows its operator. */
    static final String OPERATOR = "the-token-of-the-operator";

    private final Path directory;
    private final DeliveryServer server;
    private final MlsClient alice;
    private final String token;

    Node() throws IOException, DeliveryException, MlsException {
        directory = Files.createTempDirectory("coppice-fuzz");
        server = DeliveryServer.start(config());
        alice = Town.client("alice/laptop");
        try (HttpDelivery delivery = HttpDelivery.builder(server.url())
                .environment(ClientEnvironment.builder().clock(Town.CLOCK).build())
                .build()) {
            join(delivery, "bob/phone").close();
            Identity identity = Town.identity(alice, "alice/laptop");
            delivery.register(identity);
            try (DeliverySession session = delivery.connect(identity);
                    Group group = alice.createGroup(Town.GROUP_ID)) {
                session.createGroup(request(), group.groupInfo(true), Optional.empty(), GroupSettings.DEFAULT);
                // Something that can be reported.
                session.send(request(), group.encrypt(new byte[1]));
            }
        }
        token = logIn();
    }

    private String logIn() throws IOException, MlsException {
        Bytes challenge = challenge();
        String proof = "{\"client\":\"" + Town.ALICE + "\",\"cipherSuite\":" + Town.SUITE.value() + ",\"credential\":\""
                + base64(Bytes.wrap(alice.credential().encoded())) + "\",\"signatureKey\":\""
                + base64(alice.signer().publicKey().data()) + "\",\"challenge\":\"" + base64(challenge)
                + "\",\"signature\":\"" + login(challenge) + "\"}";
        return field(asked("/v1/auth/token", proof), "token");
    }

    /** Something to sign. */
    Bytes challenge() throws IOException {
        return Bytes.wrap(Base64.getDecoder().decode(field(asked("/v1/auth/challenge", ""), "challenge")));
    }

    /** Alice's answer to a challenge, in base64. */
    String login(Bytes challenge) throws MlsException {
        return base64(LoginStatement.of(server.url(), challenge, Town.ALICE).sign(alice.crypto(), alice.signer()));
    }

    /** That alice has her credential once more. */
    CredentialStatement replacement(RequestId id) {
        return new CredentialStatement(
                Town.ALICE,
                id,
                new RegisteredCredential(
                        Town.SUITE, alice.credential(), alice.signer().publicKey()));
    }

    /** That alice has the key, in base64. */
    String proof(CredentialStatement statement) throws MlsException {
        return base64(statement.sign(alice.crypto(), alice.signer()));
    }

    /** The routes that there are, such as {@code GET /v1/groups}. */
    List<String> served() {
        return server.served();
    }

    /** What alice's key has signed, in base64. */
    String consent(ConsentStatement statement) throws MlsException {
        return base64(statement.sign(alice.crypto(), alice.signer()));
    }

    static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private String asked(String path, String body) throws IOException {
        try (Wire wire = new Wire(port())) {
            String type = body.isEmpty() ? "" : "Content-Type: application/json\r\n";
            wire.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + type + "Content-Length: " + body.length()
                            + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.ISO_8859_1));
            return new String(wire.answer().orElseThrow().body(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\" *: *\"([^\"]+)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException(json);
        }
        return found.group(1);
    }

    private static DeliverySession join(HttpDelivery delivery, String name)
            throws IOException, DeliveryException, MlsException {
        MlsClient client = Town.client(name);
        Identity identity = Town.identity(client, name);
        delivery.register(identity);
        DeliverySession session = delivery.connect(identity);
        session.publishKeyPackages(
                request(),
                List.of(client.generateKeyPackage().message()),
                Optional.of(client.generateLastResortKeyPackage().message()));
        return session;
    }

    private static RequestId request() {
        return RequestId.random(new SeededRandomness(System.nanoTime()));
    }

    private ServerConfig config() throws IOException {
        DeliveryConfig delivery = DeliveryConfig.of(Set.of())
                .withRates(RateLimits.NONE)
                .withPruneEvery(Duration.ZERO)
                .withOperator(OperatorToken.of(OPERATOR))
                .withAuthority(AuthorityConfig.of(IssuerKey.openOrCreate(directory.resolve("authority"), Town.CLOCK))
                        .withOperator(OperatorToken.of(OPERATOR)))
                .withAmbient(new DeliveryConfig.Ambient(Town.CLOCK, Randomness.system(), Workers.sequential()));
        return ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(directory.resolve("data")))
                .withDelivery(delivery)
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty())
                .withDrain(Duration.ZERO, Duration.ZERO);
    }

    int port() {
        return server.port();
    }

    /** The file with its tables. */
    Path database() {
        return directory.resolve("data").resolve("delivery.sqlite");
    }

    /** A token of alice's, which does not end. */
    String token() {
        return token;
    }

    @Override
    public void close() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
