package org.coppice.testkit.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.WholeState;
import org.coppice.testkit.Scene;
import org.coppice.testkit.SeededRandomness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many small writes add up to what a group holds: no record is missing, out of date or left over. */
class StoredHistoryTest {
    private record Late(MlsMessage message, long epoch, Scene.Actor sender) {}

    private final List<Late> late = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"elder", "fir", "gorse"})
    void afterEachStepTheStoreHoldsWhatTheMemberHolds(String seed) throws MlsException {
        SeededRandomness random = new SeededRandomness(seed);
        History history = new History(random);
        for (int step = 0; step < 40; step++) {
            history.next();
            for (Scene.Actor actor : history.members()) {
                chat(actor, random);
            }
            for (Scene.Actor actor : history.members()) {
                listen(actor, random);
                assertThat(actor.snapshot())
                        .as("seed %s, step %s, %s", seed, step, actor.name())
                        .isEqualTo(WholeState.of(actor.group()));
                Group loaded = actor.client().load(actor.group().groupId());
                assertThat(WholeState.of(loaded)).isEqualTo(actor.snapshot());
                assertThat(loaded.pendingProposals()).isEqualTo(actor.group().pendingProposals());
                if (random.chance(30)) {
                    actor.enter(loaded);
                }
            }
        }
    }

    /** Says something, or builds a Commit that is then overtaken. */
    private void chat(Scene.Actor actor, SeededRandomness random) throws MlsException {
        if (random.chance(15)) {
            actor.group().commit().build();
        } else if (actor.group().pendingProposals().isEmpty()) {
            late.add(new Late(actor.group().encrypt(new byte[3]), actor.group().epoch(), actor));
        }
    }

    /** Reads some of what was said in this epoch and the last two, in no order, once. */
    private void listen(Scene.Actor actor, SeededRandomness random) {
        for (int i = 0; i < 4 && !late.isEmpty(); i++) {
            Late some = late.get(random.below(late.size()));
            if (some.sender() != actor) {
                try {
                    actor.group().receive(Scene.wire(some.message()));
                } catch (MlsException e) {
                    // Read before, from before the member joined, or too old: all of that has tests of its own.
                    continue;
                }
            }
        }
    }
}
