package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.Received;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.PublicGroup;
import org.coppice.testkit.MemberView;
import org.coppice.testkit.Scene.Actor;

/**
 * Members of a group and an observer of it. The first member judges; where it accepts, the others have to come to the same epoch; and
 * the observer must not refuse what members accept, nor accept what members refuse for reasons that it can see.
 */
final class MemberRecipient implements Recipient {
    /** By these one member refuses a Commit, and another cannot, because it is about what is encrypted to the one alone. */
    private static final Set<String> OWN_SECRET_RULES = Set.of("PATH_KEY_MISMATCH", "PATH_DECRYPTION");

    private final List<View> views = new ArrayList<>();
    private final PublicGroup observer;
    private final Meter meter = new Meter();

    /** One member's state. */
    private static final class View {
        private final Snapshot snapshot;
        private final Bytes groupId;
        private Group group;

        View(Actor actor) throws MlsException {
            snapshot = new Snapshot(actor.client(), actor.store());
            groupId = actor.group().groupId();
            restore();
        }

        void restore() {
            snapshot.restore();
            try {
                group = snapshot.client().load(groupId);
            } catch (MlsException e) {
                throw new AssertionError("what was stored cannot be loaded", e);
            }
        }
    }

    /**
     * @param members copied as they are now
     * @param observer at the same epoch, with the same proposals; only read
     */
    MemberRecipient(List<Actor> members, PublicGroup observer) throws MlsException {
        for (Actor member : members) {
            views.add(new View(member));
        }
        this.observer = observer;
    }

    @Override
    public Outcome take(Specimen.Sealed sealed) {
        View first = views.get(0);
        MemberView before = MemberView.of(first.group);
        Received[] received = new Received[1];
        Optional<Outcome> refused = meter.refusal(sealed.message().length, () -> {
            received[0] = first.group.receive(MlsMessage.decode(sealed.message()));
        });
        Outcome outcome = refused.orElseGet(() -> received[0] instanceof Received.Own ? Outcome.OWN : Outcome.ACCEPTED);
        if (!outcome.isAccepted() || received[0] instanceof Received.CommitStaged) {
            check(first.snapshot.isUnchanged(), outcome + " changed the stored state");
            check(MemberView.of(first.group).equals(before), outcome + " changed the group in memory");
        }
        compareWithObserver(sealed, outcome);
        if (received[0] instanceof Received.CommitStaged staged) {
            try {
                return enter(first, staged.commit(), sealed);
            } finally {
                views.forEach(View::restore);
            }
        } else if (outcome.isAccepted()) {
            check(!first.snapshot.isUnchanged(), "the message was accepted and nothing was stored");
            first.restore();
        }
        return outcome;
    }

    /** Enters the epoch of an accepted Commit with all members. */
    private Outcome enter(View first, StagedCommit staged, Specimen.Sealed sealed) {
        first.group.merge(staged);
        Optional<Bytes> reached = authenticator(first);
        check(
                reached.isEmpty() || reached.equals(sealed.authenticator()),
                "accepted, but the epoch is not the one that the committer computes");
        for (View other : views.subList(1, views.size())) {
            try {
                other.group.merge(other.group.stage(MlsMessage.decode(sealed.message())));
            } catch (MlsException e) {
                check(
                        OWN_SECRET_RULES.contains(Outcome.of(e).name()),
                        "one member accepts what another refuses as " + Outcome.of(e));
                return Outcome.SPLIT;
            }
            Optional<Bytes> theirs = authenticator(other);
            check(theirs.isEmpty() || theirs.equals(sealed.authenticator()), "members came to different epochs");
        }
        return Outcome.ACCEPTED;
    }

    /** Empty for who was removed. */
    private static Optional<Bytes> authenticator(View view) {
        return view.group.status() == GroupStatus.REMOVED
                ? Optional.empty()
                : Optional.of(view.group.epochAuthenticator());
    }

    private void compareWithObserver(Specimen.Sealed sealed, Outcome member) {
        Observed[] observed = new Observed[1];
        Optional<Outcome> refused = meter.refusal(sealed.message().length, () -> {
            observed[0] = observer.stage(MlsMessage.decode(sealed.message()));
        });
        if (observed[0] instanceof Observed.Opaque) {
            return;
        }
        if (member.isAccepted() || member.equals(Outcome.OWN)) {
            check(refused.isEmpty(), "accepted by a member, refused by an observer: " + refused);
        } else if (refused.isEmpty()) {
            check(member.needsSecrets(), "refused by a member as " + member + ", accepted by an observer");
        } else {
            check(
                    refused.get().equals(member) || member.needsSecrets(),
                    "refused by a member as " + member + ", by an observer as " + refused.get());
        }
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
