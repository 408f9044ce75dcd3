package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.coppice.client.scenario.World.id;
import static org.coppice.client.scenario.World.user;

import org.coppice.client.Conversation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Conversations over a service in memory. */
class ConversationTest extends ConversationScenarios {
    @Override
    World open() {
        return new World(1);
    }

    @Test
    @Tag("A-5.1-09")
    @Tag("A-5.1-10")
    void theStockOfKeyPackagesIsFilledUpAndALastResortUseIsFollowedByFreshKeys() {
        world.service.exhaust(id("bob"));
        Conversation team = alice.createConversation("team");
        assertThat(team.invite(user("bob")).isDone()).isTrue();
        long epoch = team.view().epoch();
        World.sync(bob);
        World.sync(alice);
        // Joined by the last resort, bob has replaced its keys, and the last resort, too.
        assertThat(team.view().epoch()).isEqualTo(epoch + 1);
        World.sync(bob);
        assertThat(world.service.stock(id("bob")).of(World.SUITE).ordinary()).isEqualTo(4);
        assertThat(world.service
                        .stock(id("bob"))
                        .of(World.SUITE)
                        .lastResort()
                        .orElseThrow()
                        .uses())
                .isZero();
    }
}
