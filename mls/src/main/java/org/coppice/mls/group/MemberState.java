package org.coppice.mls.group;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.environment.GroupPolicy;
import org.coppice.mls.environment.PskSource;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.GroupEndedException;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.rules.ProposalCache;
import org.coppice.mls.schedule.RatchetLimits;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;

/**
 * All that a member holds of one group: the fields behind {@link Group}, for the classes of this package that each do one part
 * of its work. Every change of it is written first, by {@link #write}.
 */
final class MemberState implements AutoCloseable {
    final Environment environment;
    final SuiteCrypto crypto;
    final GroupInfoMaker groupInfos;

    GroupStatus status = GroupStatus.ACTIVE;
    Signer signer;
    GroupState state;
    EpochKeys keys;
    /** The latest first. */
    final Deque<PastEpoch> past = new ArrayDeque<>();

    final ResumptionPsks resumptionPsks = new ResumptionPsks();
    final ProposalCache proposals = new ProposalCache();
    /** Own Updates that wait for a Commit, by their new encryption key. */
    final Map<HpkePublicKey, PendingUpdate> updates = new LinkedHashMap<>();
    /** Own Commits that wait for the delivery service's order, by their encoding. */
    final Map<Bytes, StagedCommit> pending = new LinkedHashMap<>();
    /** How many PrivateMessages were sent in this epoch. */
    long sent;
    /** The ReInit that ended the group. */
    Optional<Proposal.ReInit> reInit = Optional.empty();

    private boolean closed;

    MemberState(Environment environment, SuiteCrypto crypto) {
        this.environment = environment;
        this.crypto = crypto;
        this.groupInfos = new GroupInfoMaker(
                crypto,
                new Grease(environment.randomness(), environment.policy().grease()));
    }

    /** The private side of an Update. */
    record PendingUpdate(HpkeKeyPair keyPair, Signer signer) {}

    RatchetLimits ratchetLimits() {
        GroupPolicy policy = environment.policy();
        return new RatchetLimits(policy.maxForward(), policy.maxSkippedPerRatchet(), policy.maxSkippedTotal());
    }

    /** An epoch that was left and is kept. */
    Optional<PastEpoch> pastEpoch(long epoch) {
        return past.stream().filter(left -> left.state().epoch() == epoch).findFirst();
    }

    LeafIndex ownLeaf() {
        return keys.treeKeys().leafIndex();
    }

    /** The group that this one continues, until its first Commit is merged. */
    Optional<MemberState> predecessor = Optional.empty();

    PskLookup pskLookup() {
        PskSource others = predecessor.isEmpty()
                ? environment.psks()
                : new PskSource() {
                    @Override
                    public Optional<Secret> externalPsk(Bytes pskId) {
                        return environment.psks().externalPsk(pskId);
                    }

                    @Override
                    public Optional<Secret> resumptionPsk(Bytes groupId, long epoch) {
                        MemberState old = predecessor.get();
                        return groupId.equals(old.state.groupId())
                                ? old.resumptionPsks.get(epoch)
                                : environment.psks().resumptionPsk(groupId, epoch);
                    }
                };
        return new PskLookup(others, state.groupId(), resumptionPsks);
    }

    boolean isClosed() {
        return closed;
    }

    /** For all that needs more than the public state: {@link #close} left nothing else. */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the group is closed; load it again");
        }
    }

    void checkActive() throws GroupEndedException {
        if (status != GroupStatus.ACTIVE) {
            throw new GroupEndedException();
        }
    }

    /** For calls of the application, whose mistake it is to use a group that has ended. */
    void requireActive() {
        requireOpen();
        if (status != GroupStatus.ACTIVE) {
            throw new IllegalStateException(
                    status == GroupStatus.REMOVED
                            ? "this client was removed from the group"
                            : "the group was reinitialized: nothing may be sent in it any more");
        }
    }

    /** One atomic write; nothing in memory has changed yet, so that a failure leaves everything as it was. */
    void write(StateChange.Builder changes) {
        if (changes.isEmpty()) {
            return;
        }
        try (StateChange change = changes.build()) {
            environment.store().apply(change);
        }
    }

    /** Drops an own Commit that waits, here and in the store. */
    void forget(StagedCommit own) {
        Bytes message = Bytes.wrap(own.message().encoded());
        write(StateChange.builder(state.groupId()).delete(new RecordKey.PendingCommit(crypto.hash(message))));
        pending.remove(message);
    }

    void dropUncommitted() {
        proposals.clear();
        updates.values().forEach(update -> update.keyPair().close());
        updates.clear();
        pending.values().forEach(StagedCommit::wipe);
        pending.clear();
    }

    /** Wipes every secret, for good. Closing twice does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            wipe();
        }
    }

    /** Wipes every secret of a group that has ended, or is closed. */
    void wipe() {
        dropUncommitted();
        if (keys != null) {
            keys.close();
        }
        past.forEach(PastEpoch::close);
        past.clear();
        resumptionPsks.close();
    }
}
