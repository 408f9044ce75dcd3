package org.coppice.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.coppice.client.model.ClientEnvironment;
import org.coppice.client.scenario.SimulatedTime;
import org.coppice.delivery.api.ClientId;
import org.coppice.mls.codec.Bytes;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Bytes GROUP = Bytes.fromHex("01");
    private static final ClientId SELF = ClientId.parse("self/phone");

    private final SimulatedTime time = new SimulatedTime();
    private final Turns turns =
            new Turns(ClientEnvironment.builder().clock(time).sleeper(time).build());

    private static ClientId rival(int number) {
        return ClientId.parse("rival" + number + "/phone");
    }

    private void commits(ClientId who) {
        turns.committed(GROUP, who);
        time.pass(Duration.ofMillis(30));
    }

    /** How long {@code self} is held back if nobody commits meanwhile, or {@code meanwhile} happens in each pause. */
    private Duration heldBack(Runnable meanwhile) {
        long began = time.millis();
        long pause;
        while ((pause = turns.courtesy(GROUP, SELF)) > 0) {
            meanwhile.run();
            time.pass(Duration.ofMillis(pause));
        }
        return Duration.ofMillis(time.millis() - began);
    }

    @Test
    void whoHasNotCommittedYetWaitsForNobody() {
        for (int i = 0; i < 10; i++) {
            commits(rival(i));
        }
        assertThat(turns.courtesy(GROUP, SELF)).isZero();
    }

    @Test
    void othersAreGivenOneTurnEach() {
        for (int i = 0; i < 10; i++) {
            commits(rival(i));
        }
        commits(SELF);
        assertThat(heldBack(() -> {})).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
        // Having let it pass, they are waited for no more.
        commits(SELF);
        assertThat(turns.courtesy(GROUP, SELF)).isZero();
    }

    @Test
    void whoHasTakenItsTurnIsWaitedForNoMore() {
        commits(rival(1));
        commits(rival(2));
        commits(SELF);
        long both = turns.courtesy(GROUP, SELF);
        commits(rival(1));
        assertThat(turns.courtesy(GROUP, SELF)).isPositive().isLessThan(both);
        commits(rival(2));
        assertThat(turns.courtesy(GROUP, SELF)).isZero();
    }

    @Test
    void aRushThatIsOverHoldsNobodyBack() {
        commits(rival(1));
        commits(SELF);
        time.pass(Duration.ofMillis(Turns.LULL_MILLIS));
        assertThat(turns.courtesy(GROUP, SELF)).isZero();
    }

    @Test
    void nobodyIsHeldBackForEverByOthersWhoGoOn() {
        for (int i = 0; i < 100; i++) {
            commits(rival(i));
        }
        commits(SELF);
        assertThat(heldBack(() -> commits(rival(1000))))
                .isBetween(
                        Duration.ofMillis(Turns.LONGEST_COURTESY_MILLIS),
                        Duration.ofMillis(Turns.LONGEST_COURTESY_MILLIS + 1100));
    }

    @Test
    void otherConversationsHoldNobodyBack() {
        commits(rival(1));
        commits(SELF);
        assertThat(turns.courtesy(Bytes.fromHex("02"), SELF)).isZero();
    }

    @Test
    void whoHasLostMoreOftenWaitsLess() {
        for (int i = 0; i < 20; i++) {
            commits(rival(i));
        }
        long before = Long.MAX_VALUE;
        for (int losses = 1; losses < 20; losses++) {
            long now = turns.retry(GROUP, losses);
            assertThat(now).isLessThan(before).isLessThanOrEqualTo(2000);
            before = now;
        }
    }
}
