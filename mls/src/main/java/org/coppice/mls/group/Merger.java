package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.storage.PublicRecords;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.TreePrivateKeys;

/** Enters the epoch that a staged Commit begins: one write, one swap, then wipes what is not kept (RFC 9420 §9.2, §14). */
final class Merger {
    private final MemberState member;

    Merger(MemberState member) {
        this.member = member;
    }

    void merge(StagedCommit staged) {
        member.requireActive();
        if (staged.isClosed()) {
            throw new IllegalStateException("the staged Commit was merged or closed before");
        }
        if (!staged.base().equals(member.state)) {
            throw new IllegalStateException("the staged Commit starts from another epoch than the group is in");
        }
        if (!isStagedHere(staged)) {
            throw new IllegalStateException("another member's client staged this Commit");
        }
        if (staged.effects().selfRemoved()) {
            leave(staged);
        } else {
            enter(staged);
        }
    }

    /** Members of an epoch have equal states, so that only the leaf tells whose keys, or whose end, the Commit brings. */
    private boolean isStagedHere(StagedCommit staged) {
        LeafIndex own = member.ownLeaf();
        if (staged.effects().selfRemoved()) {
            return staged.effects().removed().stream()
                    .anyMatch(removed -> removed.leafIndex().equals(own));
        }
        return staged.treeKeys().leafIndex().equals(own);
    }

    private void leave(StagedCommit staged) {
        member.write(StateChange.builder(member.state.groupId()).deleteGroup());
        member.status = GroupStatus.REMOVED;
        member.wipe();
        staged.markMerged();
    }

    /** The secrets that outlive the merge, made before anything changes, so that a write that fails leaves all as it was. */
    private static final class Made implements AutoCloseable {
        private final EpochSecrets entering;
        private final SecretTree messageKeys;
        private final EpochSecrets retired;
        private final Optional<PendingKey> commitKey;
        private boolean used;

        Made(EpochSecrets entering, long leafCount, EpochSecrets retired, Optional<PendingKey> commitKey) {
            this.entering = entering;
            this.messageKeys = entering.takeSecretTree(leafCount);
            this.retired = retired;
            this.commitKey = commitKey;
        }

        @Override
        public void close() {
            commitKey.ifPresent(PendingKey::close);
            if (!used) {
                entering.close();
                messageKeys.close();
                retired.close();
            }
        }
    }

    private void enter(StagedCommit staged) {
        GroupState old = member.state;
        GroupState next = staged.nextState();
        GroupPolicy policy = member.environment.policy();
        List<PastEpoch> evicted = evicted(policy.pastEpochs());
        List<Long> droppedPsks = member.resumptionPsks.excess(policy.resumptionPsks());
        StateChange.Builder changes = StateChange.builder(old.groupId());
        try (Made made = new Made(
                staged.secrets().copy(),
                next.tree().size(),
                retired(member.keys.secrets()),
                policy.pastEpochs() > 0 ? commitKey(staged) : Optional.empty())) {
            recordNext(staged, made, changes);
            recordOld(old, next, made, policy.pastEpochs() > 0, changes);
            evicted.forEach(past -> recordDeletion(past.state(), past.messageKeys(), changes));
            recordPsks(next, staged.secrets(), droppedPsks, policy.resumptionPsks() > 0, changes);
            recordHeader(staged, old, evicted, policy.pastEpochs() > 0, changes);
            member.write(changes);
            made.used = true;
            swap(staged, made, droppedPsks);
        }
        evicted.forEach(PastEpoch::close);
    }

    // ---- what is written

    private void recordNext(StagedCommit staged, Made made, StateChange.Builder changes) {
        GroupState next = staged.nextState();
        GroupRecords.putEpoch(next, made.entering, changes);
        made.messageKeys.recordAll(changes, next.epoch());
        PublicRecords.putTree(next.tree().diff(staged.base().tree()), changes);
        recordTreeKeys(member.keys.treeKeys(), staged.treeKeys(), changes);
        member.proposals.recordDeletion(staged.base().epoch(), changes);
        member.updates.keySet().forEach(key -> changes.delete(new RecordKey.UpdateKey(key.data())));
        member.pending
                .keySet()
                .forEach(message -> changes.delete(new RecordKey.PendingCommit(member.crypto.hash(message))));
    }

    private static void recordTreeKeys(TreePrivateKeys old, TreePrivateKeys next, StateChange.Builder changes) {
        Map<NodeIndex, HpkePublicKey> before = new HashMap<>();
        GroupRecords.forEachKey(old, (node, pair) -> before.put(node, pair.publicKey()));
        GroupRecords.forEachKey(next, (node, pair) -> {
            if (!pair.publicKey().equals(before.remove(node))) {
                changes.put(new RecordKey.TreeKey(node.value()), GroupRecords.keyPair(pair));
            }
        });
        before.keySet().forEach(node -> changes.delete(new RecordKey.TreeKey(node.value())));
    }

    private void recordOld(GroupState old, GroupState next, Made made, boolean keep, StateChange.Builder changes) {
        if (!keep) {
            recordDeletion(old, member.keys.messageKeys(), changes);
            return;
        }
        made.commitKey.ifPresent(key -> key.record(changes, old.epoch()));
        GroupRecords.putEpoch(old, made.retired, changes);
        changes.put(
                new RecordKey.Undo(old.epoch()), GroupRecords.undo(old.tree().diff(next.tree())));
    }

    private static void recordDeletion(GroupState state, SecretTree messageKeys, StateChange.Builder changes) {
        messageKeys.deleteAll(changes, state.epoch());
        changes.delete(new RecordKey.Epoch(state.epoch()));
        changes.delete(new RecordKey.Undo(state.epoch()));
    }

    private static void recordPsks(
            GroupState next, EpochSecrets secrets, List<Long> dropped, boolean keep, StateChange.Builder changes) {
        dropped.forEach(epoch -> changes.delete(new RecordKey.ResumptionPsk(epoch)));
        if (keep) {
            changes.put(
                    new RecordKey.ResumptionPsk(next.epoch()),
                    secrets.resumptionPsk().exposeCopy());
        }
    }

    private void recordHeader(
            StagedCommit staged,
            GroupState old,
            List<PastEpoch> evicted,
            boolean keepOld,
            StateChange.Builder changes) {
        List<Long> past = new ArrayList<>();
        if (keepOld) {
            past.add(old.epoch());
        }
        member.past.stream()
                .filter(epoch -> !evicted.contains(epoch))
                .forEach(epoch -> past.add(epoch.state().epoch()));
        GroupRecords.putHeader(
                new GroupRecords.Header(
                        member.crypto.suite(),
                        statusAfter(staged),
                        member.ownLeaf(),
                        staged.nextState().epoch(),
                        past,
                        staged.signer().publicKey(),
                        staged.effects().reInit()),
                changes);
    }

    private static GroupStatus statusAfter(StagedCommit staged) {
        return staged.effects().reInit().isPresent() ? GroupStatus.REINITIALIZED : GroupStatus.ACTIVE;
    }

    private List<PastEpoch> evicted(int keep) {
        return member.past.stream().skip(Math.max(0, keep - 1)).toList();
    }

    /** What stays of an epoch's secrets once it is over: those that open late messages. */
    private EpochSecrets retired(EpochSecrets secrets) {
        EpochSecrets out = secrets.copy();
        out.retire();
        return out;
    }

    // ---- the swap; nothing below can fail

    private void swap(StagedCommit staged, Made made, List<Long> droppedPsks) {
        GroupPolicy policy = member.environment.policy();
        EpochKeys oldKeys = member.keys;
        if (policy.pastEpochs() > 0) {
            made.commitKey.ifPresent(PendingKey::confirm);
            member.past.addFirst(new PastEpoch(member.state, made.retired, oldKeys.messageKeys()));
        } else {
            oldKeys.messageKeys().close();
            made.retired.close();
        }
        while (member.past.size() > policy.pastEpochs()) {
            member.past.removeLast();
        }
        oldKeys.secrets().close();
        oldKeys.treeKeys().close();

        droppedPsks.forEach(member.resumptionPsks::drop);
        if (policy.resumptionPsks() > 0) {
            member.resumptionPsks.put(
                    staged.nextState().epoch(), made.entering.resumptionPsk().copy());
        }
        member.keys = new EpochKeys(made.entering, made.messageKeys, staged.treeKeys());
        member.signer = staged.signer();
        member.state = staged.nextState();
        member.status = statusAfter(staged);
        member.reInit = staged.effects().reInit();
        member.sent = 0;
        staged.secrets().close();
        staged.markMerged();
        member.dropUncommitted();
    }

    /** §9.2: the key that opened the Commit is used up, too, once the Commit is accepted. */
    private Optional<PendingKey> commitKey(StagedCommit staged) {
        if (!(staged.origin() instanceof StagedCommit.Origin.Received received)
                || received.key().isEmpty()) {
            return Optional.empty();
        }
        StagedCommit.Origin.UsedKey used = received.key().get();
        if (used.key().isUsable()) {
            return Optional.of(used.key());
        }
        // Another message of the same sender came since, or the store failed at the first try.
        try {
            return Optional.of(member.keys
                    .messageKeys()
                    .receivingKey(
                            used.sender(), RatchetType.HANDSHAKE, used.key().generation(), member.ratchetLimits()));
        } catch (ValidationException e) {
            // Used up already, by a copy of the same Commit: nothing is left to do.
            return Optional.empty();
        }
    }
}
