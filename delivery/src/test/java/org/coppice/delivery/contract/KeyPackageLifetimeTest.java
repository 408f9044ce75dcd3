package org.coppice.delivery.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.coppice.delivery.DeliveryConfig;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Workers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key packages have an end, which the service keeps to by itself. */
class KeyPackageLifetimeTest {
    /** The system's clock, put forward. */
    private static final class AdvancedClock extends Clock {
        private Duration advance = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(advance);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @ParameterizedTest
    @EnumSource(Nodes.Kind.class)
    @Tag("A-5.1-13")
    @Tag("A-8.4.2-03")
    void whatIsOverIsNotGivenOut(Nodes.Kind kind) throws Exception {
        AdvancedClock clock = new AdvancedClock();
        DeliveryConfig config = Servers.config()
                .withAmbient(new DeliveryConfig.Ambient(clock, Randomness.system(), Workers.sequential()));
        try (Nodes nodes = Nodes.start(kind, config)) {
            Device alice = nodes.device("alice");
            Device bob = nodes.device("bob");
            bob.publish(2);
            bob.session()
                    .publishKeyPackages(
                            Device.request(),
                            List.of(),
                            Optional.of(
                                    bob.client().generateLastResortKeyPackage().message()));
            ClaimRequest request = ClaimRequest.of(bob.id(), Device.SUITE);
            assertThat(alice.session()
                            .claimKeyPackages(Device.request(), request)
                            .claimed())
                    .hasSize(1);
            clock.advance = Duration.ofDays(500);
            // One ordinary package and the last resort are still in the database: nothing was pruned.
            assertThat(alice.session().claimKeyPackages(Device.request(), request))
                    .isEqualTo(new ClaimResult(List.of(), List.of(bob.id())));
            assertThat(bob.session().keyPackageStock().suites()).isEmpty();
        }
    }
}
