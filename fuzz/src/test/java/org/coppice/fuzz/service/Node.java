package org.coppice.fuzz.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.Identity;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.ca.AuthorityConfig;
import org.coppice.delivery.ca.IssuerKey;
import org.coppice.delivery.limit.RateLimits;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
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
    private final Path directory;
    private final DeliveryServer server;
    private final String token;

    Node() throws IOException, DeliveryException, MlsException {
        directory = Files.createTempDirectory("coppice-fuzz");
        server = DeliveryServer.start(config());
        try (HttpDelivery delivery = HttpDelivery.builder(server.url())
                .environment(ClientEnvironment.builder().clock(Town.CLOCK).build())
                .build()) {
            join(delivery, "bob/phone").close();
            MlsClient alice = Town.client("alice/laptop");
            Identity identity = Town.identity(alice, "alice/laptop");
            delivery.register(identity);
            try (DeliverySession session = delivery.connect(identity);
                    Group group = alice.createGroup(Town.GROUP_ID)) {
                session.createGroup(request(), group.groupInfo(true), Optional.empty(), GroupSettings.DEFAULT);
            }
            token = delivery.voucher(identity);
        }
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
                .withAuthority(AuthorityConfig.of(IssuerKey.openOrCreate(directory.resolve("authority"), Town.CLOCK)))
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
