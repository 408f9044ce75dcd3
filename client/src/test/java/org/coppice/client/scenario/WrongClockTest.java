package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.SUITE;
import static org.coppice.client.scenario.World.id;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.client.CoppiceClient;
import org.coppice.client.http.HttpDelivery;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.model.ClientEvent;
import org.coppice.client.model.Identity;
import org.coppice.client.model.Parameters;
import org.coppice.client.store.ClientStores;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A machine whose clock is wrong, at a server whose clock is right. The service refused its key packages, nobody could invite it, and
 * nothing said so.
 */
class WrongClockTest {
    private static final Duration SLACK = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {3, 0, -24 * 100})
    void isToldWithWhatComesOfIt(long hoursAhead) throws Exception {
        Duration ahead = Duration.ofHours(hoursAhead);
        ClientEnvironment environment = ClientEnvironment.builder()
                .clock(Clock.offset(Clock.systemUTC(), ahead))
                .parameters(Parameters.DEFAULT.toBuilder().keyPackages(2, 1).build())
                .build();
        Identity identity = Identity.generate(environment, SUITE, id("alice"));
        List<ClientEvent> told = new ArrayList<>();
        ServerConfig config = ServerConfig.DEFAULT
                .withStorage(new Storage.Directory(directory))
                .withAddress("127.0.0.1", 0)
                .withOps(Optional.empty())
                .withDrain(Duration.ZERO, Duration.ofSeconds(2));
        try (DeliveryServer server = DeliveryServer.start(config);
                HttpDelivery http = HttpDelivery.builder(server.url())
                        .environment(environment)
                        .build()) {
            assertThat(http.clockAhead()).isEmpty();
            http.register(identity);
            try (CoppiceClient alice = CoppiceClient.create(ClientStores.inMemory(), identity, environment, http)) {
                alice.listen(told::add);
                alice.sync();
            }
            assertThat(http.clockAhead().orElseThrow()).isBetween(ahead.minus(SLACK), ahead.plus(SLACK));
        }
        if (hoursAhead == 0) {
            assertThat(told).isEmpty();
        } else {
            assertThat(told)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ClientEvent.KeyPackagesRefused.class,
                            refused -> assertThat(refused.isForTheClock()).isTrue());
        }
    }
}
