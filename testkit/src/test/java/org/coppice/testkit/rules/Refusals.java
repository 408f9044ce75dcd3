package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.StagedCommit;
import org.coppice.testkit.Scene;
import org.coppice.testkit.Scene.Actor;

/** A refusal names its rule, and leaves the one who refuses exactly as it was: in memory and, byte for byte, in its store. */
public final class Refusals {
    private Refusals() {}

    /** Asserts that {@code action} breaks {@code rule} and changes nothing at {@code actor}, who need not be in a group. */
    public static void refuses(Rule rule, Actor actor, ThrowingCallable action) {
        View before = View.of(actor);
        Throwable thrown = catchThrowable(action);
        assertThat(ruleOf(thrown)).as("rule broken, by %s", thrown).isEqualTo(rule);
        before.assertUnchanged(actor);
    }

    /** Asserts that {@code actor} refuses a message that came over the wire, by {@code rule}, and changes nothing. */
    public static void refuses(Rule rule, Actor actor, MlsMessage message) {
        refuses(rule, actor, () -> actor.group().receive(Scene.wire(message)));
    }

    /** Asserts that {@code actor} refuses {@code bad}, and nevertheless follows the genuine Commit afterwards. */
    public static void refusesThenFollows(Rule rule, Actor actor, MlsMessage bad, StagedCommit genuine)
            throws Exception {
        refuses(rule, actor, bad);
        actor.group().merge(actor.group().stage(Scene.wire(genuine.message())));
        assertThat(actor.group().state()).isEqualTo(genuine.nextState());
    }

    /** Asserts that {@code action} is refused for cryptographic reasons, which say no more, and changes nothing. */
    public static void refusesToOpen(Actor actor, ThrowingCallable action) {
        View before = View.of(actor);
        assertThat(catchThrowable(action)).isInstanceOf(CryptoException.class);
        before.assertUnchanged(actor);
    }

    /** The rule that an exception names; an assertion error with its cause if it names none. */
    public static Rule ruleOf(Throwable thrown) {
        if (thrown instanceof ValidationException validation) {
            return validation.rule();
        }
        if (thrown instanceof DecodeException decode) {
            return decode.rule();
        }
        throw new AssertionError("expected a rule to be broken, but got " + thrown, thrown);
    }

    /** All that can be seen of a client and of its group. */
    private record View(
            Map<Bytes, Map<Bytes, Bytes>> stored,
            GroupState state,
            GroupStatus status,
            Bytes authenticator,
            List<ResolvedProposal> proposals,
            int pendingCommits) {
        static View of(Actor actor) {
            Map<Bytes, Map<Bytes, Bytes>> stored = new TreeMap<>();
            actor.store().groups().forEach(id -> stored.put(id, actor.store().snapshot(id)));
            if (actor.group() == null) {
                return new View(stored, null, null, Bytes.EMPTY, List.of(), 0);
            }
            boolean removed = actor.group().status() == GroupStatus.REMOVED;
            return new View(
                    stored,
                    actor.group().state(),
                    actor.group().status(),
                    removed ? Bytes.EMPTY : actor.group().epochAuthenticator(),
                    actor.group().pendingProposals(),
                    actor.group().pendingCommits().size());
        }

        void assertUnchanged(Actor actor) {
            View after = of(actor);
            assertThat(after.stored).as("store of %s", actor.name()).isEqualTo(stored);
            assertThat(after.state).as("state of %s", actor.name()).isEqualTo(state);
            assertThat(after).as("view of %s", actor.name()).isEqualTo(this);
        }
    }
}
