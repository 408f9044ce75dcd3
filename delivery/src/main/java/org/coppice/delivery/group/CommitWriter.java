package org.coppice.delivery.group;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.coppice.delivery.account.ClientTable;
import org.coppice.delivery.account.Identities;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.engine.Transaction;
import org.coppice.delivery.inbox.Inbox;
import org.coppice.delivery.keypackage.KeyPackages;
import org.coppice.delivery.limit.ServiceRule;
import org.coppice.delivery.request.Requests;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Welcome;

/** Writes a Commit and all that belongs to it, in one transaction, if the group is still in the epoch that it ends. */
final class CommitWriter {
    private final Parts parts;

    CommitWriter(Parts parts) {
        this.parts = parts;
    }

    /**
     * What was written.
     *
     * @param appended the answer
     * @param inboxes who got a Welcome, and where in its inbox
     */
    record Written(Appended appended, Map<ClientId, Long> inboxes) {}

    Written write(Transaction tx, Requests.Key key, CommitPlan plan) throws SQLException, DeliveryException {
        Bytes groupId = plan.message().groupId();
        long epoch = plan.message().epoch();
        long now = parts.now();
        Optional<Long> moved = GroupTable.moveEpoch(tx, groupId, epoch, key.client(), plan.ends(), now);
        if (moved.isEmpty()) {
            throw GroupTable.find(tx, groupId).orElseThrow(Access::unknownGroup).staleEpoch();
        }
        requireSettings(tx, key.client(), plan);
        long seq = moved.get();
        LogTable.add(
                tx,
                groupId,
                new LogEntry(seq, EntryKind.COMMIT, epoch, now, plan.message().encoded()));
        writeState(tx, groupId, epoch + 1, plan);
        writeMembers(tx, groupId, seq, epoch, plan);
        Map<ClientId, Long> inboxes = new LinkedHashMap<>();
        List<KeyPackageRef> unrouted = List.of();
        if (plan.welcome().isPresent()) {
            Inbox.Origin origin = new Inbox.Origin(groupId, seq, epoch + 1, now);
            unrouted = writeWelcome(tx, origin, plan, inboxes);
        }
        Appended appended = new Appended(seq, epoch + 1, unrouted, false);
        parts.requests().record(tx, key, new Outcome.OfAppend(appended));
        return new Written(appended, inboxes);
    }

    /**
     * The group's settings may have been changed since the Commit was checked. Now that the epoch has moved the group's row is held, and
     * they stay.
     */
    private static void requireSettings(Transaction tx, ClientId client, CommitPlan plan)
            throws SQLException, DeliveryException {
        Bytes groupId = plan.message().groupId();
        if (plan.message()
                .sender()
                .filter(Sender.NewMemberCommit.class::isInstance)
                .isPresent()) {
            Access.requireMayJoin(tx, groupId, client);
        }
        if (plan.groupInfo().isEmpty()
                && !plan.ends()
                && GroupTable.find(tx, groupId)
                        .orElseThrow(Access::unknownGroup)
                        .isJoinable()) {
            throw ServiceRule.GROUP_INFO_MISSING.refusal();
        }
    }

    private void writeState(Transaction tx, Bytes groupId, long epoch, CommitPlan plan) throws SQLException {
        if (plan.groupInfo().isPresent()) {
            tx.update(
                    "INSERT INTO group_info (group_id, epoch, message) VALUES (?, ?, ?)",
                    groupId,
                    epoch,
                    plan.groupInfo().get());
        }
        tx.update("DELETE FROM group_info WHERE group_id = ? AND epoch < ?", groupId, epoch - parts.keptEpochs());
        if (plan.records().isPresent()) {
            RecordTable.write(tx, groupId, epoch, plan.records().get());
        }
        if (plan.tree().isPresent()) {
            tx.update(
                    "INSERT INTO group_tree (group_id, epoch, tree) VALUES (?, ?, ?)",
                    groupId,
                    epoch,
                    plan.tree().get());
        }
    }

    /** A client that goes and comes in one Commit, because it takes its own place again, has not been away. */
    private static void writeMembers(Transaction tx, Bytes groupId, long seq, long epoch, CommitPlan plan)
            throws SQLException, DeliveryException {
        // Ordered: clients choose their names, so also names with one hash code.
        Set<ClientId> coming = new TreeSet<>(plan.added());
        Set<ClientId> going = new TreeSet<>(plan.removed());
        for (ClientId client : plan.removed()) {
            if (!coming.contains(client)) {
                Admissions.close(tx, groupId, client, seq, epoch);
            }
        }
        List<ClientId> fresh = new ArrayList<>();
        for (ClientId client : coming) {
            boolean present = Admissions.hasLeaf(tx, groupId, client);
            if (present && !going.contains(client)) {
                throw ServiceRule.CLIENT_TWICE.refusal();
            }
            if (!Admissions.isMember(tx, groupId, client)) {
                if (present) {
                    // The leaf that goes was of another client, which had this name before.
                    Admissions.close(tx, groupId, client, seq, epoch);
                }
                fresh.add(client);
            }
        }
        Admissions.open(tx, groupId, fresh, seq);
        requireRegistered(tx, plan.newcomers());
    }

    /**
     * The clients stay registered from here on. One that was checked may have given its name back since, and the one that has the name
     * now is not the one that was added.
     */
    private static void requireRegistered(Transaction tx, List<Member> newcomers)
            throws SQLException, DeliveryException {
        for (Member member : newcomers) {
            Optional<ClientId> client = Identities.clientOf(member.credential());
            boolean certified = member.credential() instanceof Credential.X509;
            if (!certified
                    && client.isPresent()
                    && !ClientTable.hasHad(
                            tx,
                            client.get(),
                            member.credential(),
                            member.leafNode().signatureKey())) {
                throw ServiceRule.CREDENTIAL_NOT_REGISTERED.refusal();
            }
        }
    }

    private record Part(ClientId client, Welcome.EncryptedGroupSecrets secrets) {}

    /** Puts one part into the inbox of each client that is added, whatever other key packages a Welcome names. */
    private List<KeyPackageRef> writeWelcome(
            Transaction tx, Inbox.Origin origin, CommitPlan plan, Map<ClientId, Long> inboxes) throws SQLException {
        Welcome welcome = plan.welcome().orElseThrow();
        Set<ClientId> expected = new HashSet<>(plan.added());
        List<KeyPackageRef> unrouted = new ArrayList<>();
        List<Part> routed = new ArrayList<>();
        for (Welcome.EncryptedGroupSecrets secrets : welcome.secrets()) {
            KeyPackages.ownerOf(tx, secrets.newMember())
                    .filter(expected::remove)
                    .ifPresentOrElse(
                            client -> routed.add(new Part(client, secrets)),
                            () -> unrouted.add(new KeyPackageRef(secrets.newMember())));
        }
        // In one order for all, so that two Commits that add the same clients to two groups do not wait for each other.
        routed.sort(Comparator.comparing(Part::client));
        Inbox.putShared(tx, origin, welcome);
        Map<ClientId, Long> placed = new TreeMap<>();
        for (Part part : routed) {
            parts.inbox()
                    .put(tx, origin, part.client(), part.secrets())
                    .ifPresentOrElse(
                            place -> placed.put(part.client(), place),
                            () -> unrouted.add(new KeyPackageRef(part.secrets().newMember())));
        }
        inboxes.putAll(placed);
        return unrouted;
    }
}
