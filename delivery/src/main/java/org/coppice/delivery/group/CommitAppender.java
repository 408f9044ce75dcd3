package org.coppice.delivery.group;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.delivery.limit.Sizes;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.observer.Observed;
import org.coppice.mls.observer.StagedPublicCommit;

/** Takes Commits. Thread safe. */
public final class CommitAppender {
    private final Parts parts;
    private final Mirrors mirrors;
    private final CommitWriter writer;
    private final PublicCommits publicCommits;
    private final PrivateCommits privateCommits;

    /** @param mirrors the groups that the service follows */
    public CommitAppender(Parts parts, Mirrors mirrors) {
        this.parts = parts;
        this.mirrors = mirrors;
        this.writer = new CommitWriter(parts);
        this.publicCommits = new PublicCommits(parts.environment());
        this.privateCommits = new PrivateCommits(parts.environment());
    }

    /** Appends a Commit, if it is the first for its epoch and passes. */
    public Appended commit(Requests.Key key, CommitBundle bundle) throws DeliveryException, IOException {
        GroupMessage message = GroupMessage.of(bundle.commit());
        checkForm(message, bundle);
        return Requests.appended(parts.requests().once(key, () -> {
            Access.Standing standing = parts.engine().read(tx -> Access.of(tx, message.groupId(), key.client()));
            CommitWriter.Written written = standing.row().isPublic()
                    ? commitPublic(key, message, bundle, standing)
                    : commitPrivate(key, message, bundle, standing);
            return new Outcome.OfAppend(written.appended());
        }));
    }

    private void checkForm(GroupMessage message, CommitBundle bundle) throws DeliveryException {
        if (message.kind() != EntryKind.COMMIT) {
            throw ServiceRule.WRONG_MESSAGE.refusal();
        }
        if (bundle.welcome().isPresent() && !(bundle.welcome().get().body() instanceof MlsMessage.Welcome)
                || bundle.groupInfo().isPresent()
                        && !(bundle.groupInfo().get().body() instanceof MlsMessage.GroupInfo)) {
            throw ServiceRule.WRONG_MESSAGE.refusal();
        }
        Sizes.check(message.encoded().length(), parts.sizes().commit(), "a Commit");
        if (bundle.welcome().isPresent()) {
            Sizes.check(bundle.welcome().get().encoded().length, parts.sizes().commit(), "a Welcome");
        }
        if (bundle.groupInfo().isPresent()) {
            Sizes.check(bundle.groupInfo().get().encoded().length, parts.sizes().tree(), "a GroupInfo");
        }
        if (bundle.ratchetTree().isPresent()) {
            Sizes.check(bundle.ratchetTree().get().length(), parts.sizes().tree(), "a ratchet tree");
        }
    }

    private CommitWriter.Written commitPublic(
            Requests.Key key, GroupMessage message, CommitBundle bundle, Access.Standing standing)
            throws DeliveryException, IOException {
        if (message.isEncrypted()) {
            throw ServiceRule.HANDSHAKE_NOT_PUBLIC.refusal();
        }
        if (message.sender().orElseThrow() instanceof Sender.NewMemberCommit) {
            Access.requireMayJoin(standing);
        }
        Mirror mirror = mirrors.take(message.groupId());
        CommitPlan plan;
        CommitWriter.Written written;
        try {
            GroupRow row = mirror.catchUp();
            if (message.epoch() != row.epoch()) {
                throw row.staleEpoch();
            }
            Observed observed = mirror.stage(message.message(), row);
            StagedPublicCommit staged = (StagedPublicCommit) observed;
            plan = publicCommits.plan(key.client(), message, bundle, row, mirror.group(), staged);
            CommitPlan checked = plan;
            written = parts.engine().write(tx -> writer.write(tx, key, checked));
            mirror.merge(staged, written.appended().seq());
        } finally {
            mirrors.release(mirror);
        }
        tell(plan, written);
        return written;
    }

    private CommitWriter.Written commitPrivate(
            Requests.Key key, GroupMessage message, CommitBundle bundle, Access.Standing standing)
            throws DeliveryException, IOException {
        GroupRow row = standing.row();
        if (message.epoch() != row.epoch()) {
            throw row.staleEpoch();
        }
        CommitPlan plan = privateCommits.plan(key.client(), message, bundle, standing);
        boolean fromInside = message.isEncrypted();
        CommitWriter.Written written = parts.engine().write(tx -> {
            // Who is a member changes with the epoch only, and the epoch is compared after this.
            if (fromInside && !Admissions.isMember(tx, message.groupId(), key.client())) {
                throw Access.notAMember();
            }
            return writer.write(tx, key, plan);
        });
        tell(plan, written);
        return written;
    }

    private void tell(CommitPlan plan, CommitWriter.Written written) {
        parts.hub().groupMoved(plan.message().groupId(), written.appended().seq());
        TreeSet<ClientId> moved = new TreeSet<>(plan.added());
        moved.addAll(plan.removed());
        moved.forEach(parts.hub()::membershipMoved);
        written.inboxes().forEach(parts.hub()::inboxMoved);
    }

    /** The Welcome of a bundle, if it has one. */
    static Optional<Welcome> welcome(CommitBundle bundle) {
        return bundle.welcome().map(message -> ((MlsMessage.Welcome) message.body()).welcome());
    }

    /** Whether {@code clients} names one twice. */
    static boolean hasTwice(List<ClientId> clients) {
        return clients.stream().distinct().count() != clients.size();
    }
}
