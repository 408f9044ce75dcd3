package org.coppice.fuzz.mls;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.mls.observer.StagedPublicCommit;
import org.coppice.testkit.MemberView;
import org.coppice.testkit.mutate.Outcome;

/**
 * Bob, and an observer beside him, who take a message. A refusal changes nothing: his records stay byte for byte, his group in memory tells
 * the same, and the genuine message that comes next is read. What he takes he can go on from, and the observer takes it as well and sees
 * the same.
 */
final class Listener {
    private static final byte[] TEXT = "what comes next".getBytes(StandardCharsets.UTF_8);

    private final World world;
    private final Reception reception;
    private final Person bob;
    private final MlsMessage next;

    /** How bob takes a message. */
    @FunctionalInterface
    interface Reception {
        Received receive(Group group, MlsMessage message) throws MlsException;
    }

    Listener(World world) throws MlsException {
        this(world, Group::receive);
    }

    /** With a reception that may break what a group promises, to see that it escapes. */
    Listener(World world, Reception reception) throws MlsException {
        this.world = world;
        this.reception = reception;
        this.bob = world.person("bob");
        Group gina = world.person("gina").group();
        // Not the first that she says, so that an input that makes use of her ratchet's beginning takes nothing away.
        gina.encrypt(TEXT);
        this.next = gina.encrypt(TEXT);
    }

    Target.Outcome hear(MlsMessage message) throws MlsException {
        Group group = bob.group();
        Map<Bytes, Bytes> stored = bob.snapshot();
        MemberView before = MemberView.of(group);
        Received received;
        try {
            received = reception.receive(group, message);
        } catch (MlsException e) {
            assertUnchanged(group, stored, before, "a refused message");
            goOn(group);
            observe(message, Outcome.of(e));
            return Target.Outcome.REFUSED;
        }
        if (received instanceof Received.Own) {
            // What has his signature is not judged by him.
            assertUnchanged(group, stored, before, "an own message");
            goOn(group);
            return Target.Outcome.ACCEPTED;
        }
        Optional<Observed> observed = observe(message);
        if (received instanceof Received.CommitStaged staged) {
            assertUnchanged(group, stored, before, "a Commit that was not merged");
            enter(group, staged.commit(), observed);
        } else if (received instanceof Received.ProposalCached) {
            assertStored(group, message);
            commit(group);
        } else if (received instanceof Received.Application) {
            assertStored(group, message);
            goOnUnlessUsed(group, message);
        }
        return Target.Outcome.ACCEPTED;
    }

    private void assertUnchanged(Group group, Map<Bytes, Bytes> stored, MemberView before, String what) {
        if (!stored.equals(bob.snapshot()) || !bob.hasNoOtherGroup()) {
            throw new Escape(what + " changed the store");
        }
        if (!before.equals(MemberView.of(group))) {
            throw new Escape(what + " changed the group in memory");
        }
    }

    /** After a crash he knows what he knows now, and does not take the same message again. */
    private void assertStored(Group group, MlsMessage message) throws MlsException {
        bob.assertStored(group);
        try (Group loaded = bob.client().load(World.GROUP_ID)) {
            loaded.receive(message);
            throw new Escape("a message was taken twice");
        } catch (DuplicateMessageException e) {
            // As it has to be.
        }
    }

    private void goOn(Group group) throws MlsException {
        if (!(group.receive(next) instanceof Received.Application application)
                || !Arrays.equals(application.data().toByteArray(), TEXT)) {
            throw new Escape("the message that came next was not read");
        }
    }

    private void goOnUnlessUsed(Group group, MlsMessage message) throws MlsException {
        if (!Arrays.equals(message.encoded(), next.encoded())) {
            goOn(group);
        }
    }

    /** Whatever bob takes as valid, he can commit, or leave out. */
    private static void commit(Group group) throws MlsException {
        try (StagedCommit own = group.commit().build()) {
            group.merge(own);
        }
    }

    private void enter(Group group, StagedCommit staged, Optional<Observed> observed) throws MlsException {
        if (observed.isPresent()
                && (!(observed.get() instanceof StagedPublicCommit seen)
                        || !seen.nextState()
                                .encodedContext()
                                .equals(staged.nextState().encodedContext()))) {
            throw new Escape("the observer saw another Commit than the member");
        }
        group.merge(staged);
        if (group.status() == GroupStatus.ACTIVE) {
            bob.assertStored(group);
            group.encrypt(TEXT);
        }
    }

    /** The observer takes what a member takes. */
    private Optional<Observed> observe(MlsMessage message) {
        if (!(message.body() instanceof PublicMessage)) {
            return Optional.empty();
        }
        try {
            PublicGroup observer = world.observer();
            Observed out = observer.stage(message);
            if (out instanceof Observed.Staged staged) {
                observer.change(staged);
                observer.merge(staged);
            }
            return Optional.of(out);
        } catch (MlsException e) {
            throw new Escape("the observer refused what the member took", e);
        }
    }

    /** A member may refuse more than the observer, but only by what it alone can know. */
    private void observe(MlsMessage message, Outcome refusal) throws MlsException {
        PublicGroup observer = world.observer();
        GroupState before = observer.state();
        try {
            Observed out = observer.stage(message);
            if (!(out instanceof Observed.Opaque) && !refusal.needsSecrets()) {
                throw new Escape("the observer took what the member refused: " + refusal);
            }
        } catch (MlsException e) {
            if (!observer.state().equals(before)) {
                throw new Escape("a refused message changed the observer", e);
            }
        }
    }
}
