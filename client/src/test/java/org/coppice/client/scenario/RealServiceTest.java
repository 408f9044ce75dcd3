package org.coppice.client.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.client.scenario.World.id;

import java.nio.file.Path;
import java.util.List;
import org.coppice.client.Conversation;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.ProblemKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations over the delivery service itself. */
class RealServiceTest extends ConversationScenarios {
    @TempDir
    Path directory;

    private RealService service;

    @Override
    World open() throws Exception {
        SimulatedTime time = new SimulatedTime();
        service = new RealService(directory, time);
        return new World(8, time, service);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /** The members would refuse it, and the group would wait until most of them had said so. */
    @Test
    @Tag("A-6.1-05")
    @Tag("A-6.4-07")
    void aFurtherDeviceOfAMemberDoesNotComeInByItself() {
        world.join("bob/tablet");
        Conversation team = team();
        world.join("alice/tablet");
        refuses(ProblemKind.UNKNOWN_GROUP, "alice/tablet", team);
        assertThat(team.remove(List.of(id("bob/tablet"))).isDone()).isTrue();
        refuses(ProblemKind.NOT_ALLOWED, "bob/tablet", team);
    }

    private void refuses(ProblemKind kind, String client, Conversation team) {
        assertThatThrownBy(() -> service.session(id(client)).groupInfo(team.id()))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
