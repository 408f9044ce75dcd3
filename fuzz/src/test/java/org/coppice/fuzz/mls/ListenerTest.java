package org.coppice.fuzz.mls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.SendOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups that break what they promise of a refusal, or of what they take, each of which has to escape. */
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

    @Test
    void anOwnMessageThatWroteToTheStoreEscapes() {
        assertEscapes("an own message changed the store", (group, heard) -> {
            group.propose(WorldSeeds.custom(), SendOptions.DEFAULT);
            return new Received.Own(ContentType.PROPOSAL, group.epoch(), Optional.empty(), false);
        });
    }

    @Test
    void aCommitThatChangesSomethingBeforeItIsMergedEscapes() throws MlsException {
        message = world.person("alice").group().commit().build().message();
        assertEscapes("not merged changed the store", (group, heard) -> {
            Received staged = group.receive(heard);
            group.propose(WorldSeeds.custom(), SendOptions.DEFAULT);
            return staged;
        });
    }

    @Test
    void aMessageThatIsReadAgainAfterACrashEscapes() throws MlsException {
        message = world.person("alice").group().encrypt(new byte[1]);
        assertEscapes("taken twice", (group, heard) -> {
            Received received = group.receive(heard);
            world.person("bob").reset();
            return received;
        });
    }

    @Test
    void aProposalThatIsForgottenByACrashEscapes() throws MlsException {
        message = world.person("alice").group().proposeExternalPsk(World.PSK_ID);
        assertEscapes("what was stored is not what is in memory", (group, heard) -> {
            Received received = group.receive(heard);
            world.person("bob").reset();
            return received;
        });
    }

    @Test
    void aRefusalThatAnObserverWouldHaveHadToShareEscapes() throws MlsException {
        message = world.person("alice").group().proposeExternalPsk(World.PSK_ID);
        assertEscapes("the observer took", (group, heard) -> {
            throw new ValidationException(Rule.SENDER_LEAF);
        });
        assertThat(new Listener(world, (group, heard) -> {
                            throw new ValidationException(Rule.PSK_UNKNOWN);
                        })
                        .hear(message))
                .as("for a reason that only a member knows")
                .isEqualTo(Target.Outcome.REFUSED);
    }

    private void assertEscapes(String how, Listener.Reception reception) {
        assertThatThrownBy(() -> new Listener(world, reception).hear(message))
                .isInstanceOf(Escape.class)
                .hasMessageContaining(how);
    }
}
