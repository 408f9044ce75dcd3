package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** RFC 9420 §7.2. */
class LifetimeTest {
    private static final Lifetime LIFETIME = new Lifetime(100, 200);

    @Test
    @Tag("R-7.3-10")
    void includesItsBounds() {
        assertThat(LIFETIME.includes(Instant.ofEpochSecond(99))).isFalse();
        assertThat(LIFETIME.includes(Instant.ofEpochSecond(100))).isTrue();
        assertThat(LIFETIME.includes(Instant.ofEpochSecond(200))).isTrue();
        assertThat(LIFETIME.includes(Instant.ofEpochSecond(201))).isFalse();
        assertThat(new Lifetime(0, -1L).includes(Instant.MAX)).isTrue();
    }

    @Test
    void clocksMayBeApartByTheSkewAndNoMore() {
        LifetimePolicy policy =
                new LifetimePolicy(Duration.ofDays(1), Duration.ofSeconds(10), LifetimePolicy.Outside.REJECT);
        assertThat(policy.includes(LIFETIME, Instant.ofEpochSecond(89))).isFalse();
        assertThat(policy.includes(LIFETIME, Instant.ofEpochSecond(90))).isTrue();
        assertThat(policy.includes(LIFETIME, Instant.ofEpochSecond(210))).isTrue();
        assertThat(policy.includes(LIFETIME, Instant.ofEpochSecond(211))).isFalse();
    }

    @Test
    @Tag("R-7.2-13")
    void isAsLongAsFromItsStartToItsEnd() {
        assertThat(LIFETIME.isLongerThan(Duration.ofSeconds(100))).isFalse();
        assertThat(LIFETIME.isLongerThan(Duration.ofSeconds(99))).isTrue();
        assertThat(new Lifetime(100, 100).isLongerThan(Duration.ZERO)).isFalse();
        assertThat(new Lifetime(0, -1L).isLongerThan(LifetimePolicy.ANY_SPAN)).isFalse();
        assertThat(new Lifetime(101, 100).isLongerThan(LifetimePolicy.ANY_SPAN)).isTrue();
    }

    @Test
    void aPolicyKnowsNoNegativeTimes() {
        Duration negative = Duration.ofSeconds(-1);
        new LifetimePolicy(Duration.ZERO, Duration.ZERO, LifetimePolicy.Outside.REJECT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LifetimePolicy(negative, Duration.ZERO, LifetimePolicy.Outside.REJECT));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LifetimePolicy(Duration.ZERO, negative, LifetimePolicy.Outside.REJECT));
    }
}
