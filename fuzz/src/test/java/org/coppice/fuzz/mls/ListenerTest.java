package org.coppice.fuzz.mls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.SendOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups that break what they promise of a refusal, each of which has to escape. */
class ListenerTest {
    private World world;
    private MlsMessage message;

    @BeforeEach
    void setUp() throws MlsException {
        world = new World();
        message = world.taken();
    }

    @Test
    void aRefusalThatChangesNothingIsOne() throws MlsException {
        assertThat(new Listener(world).hear(message)).isEqualTo(Target.Outcome.REFUSED);
    }

    @Test
    void aRefusalThatWroteToTheStoreEscapes() {
        assertEscapes("changed the store", (group, heard) -> {
            group.propose(WorldSeeds.custom(), SendOptions.DEFAULT);
            return group.receive(heard);
        });
    }

    @Test
    void aRefusalThatChangesWhatIsInMemoryEscapes() {
        assertEscapes("in memory", (group, heard) -> {
            group.propose(WorldSeeds.custom(), SendOptions.DEFAULT);
            world.person("bob").reset();
            return group.receive(heard);
        });
    }

    @Test
    void aRefusalThatLeavesAnotherGroupBehindEscapes() {
        assertEscapes("changed the store", (group, heard) -> {
            world.person("bob").client().createGroup(World.utf8("another")).close();
            return group.receive(heard);
        });
    }

    private void assertEscapes(String how, Listener.Reception reception) {
        assertThatThrownBy(() -> new Listener(world, reception).hear(message))
                .isInstanceOf(Escape.class)
                .hasMessageContaining(how);
    }
}
