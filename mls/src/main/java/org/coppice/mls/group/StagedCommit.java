package org.coppice.mls.group;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.TreePrivateKeys;

/**
 * A Commit that was made or received, with the epoch that it begins computed beside the present one (RFC 9420 §14). Fully
 * verified. It changes nothing until {@link Group#merge} enters that epoch; if it is not merged, {@link #close()} wipes it.
 *
 * <p>It belongs to the epoch that it was staged in. Keep several for one epoch, and merge the one that the delivery service
 * chose. Not thread safe.
 */
public final class StagedCommit implements AutoCloseable {
    private final GroupState base;
    private final GroupState next;
    private final CommitEffects effects;
    private final Origin origin;
    private GroupInfoMaker groupInfoMaker;
    private EpochSecrets secrets;
    private TreePrivateKeys treeKeys;
    private Signer signer;
    private List<LeftOut> leftOut = List.of();
    /** The group that this waits in, if it is an own Commit; null otherwise. */
    private MemberState waitsIn;

    private boolean closed;

    /**
     * @param base the state that it starts from
     * @param next the state that it leads to; what can be seen of it when this client is removed
     */
    StagedCommit(GroupState base, GroupState next, CommitEffects effects, Origin origin) {
        this.base = Objects.requireNonNull(base, "base");
        this.next = Objects.requireNonNull(next, "next");
        this.effects = Objects.requireNonNull(effects, "effects");
        this.origin = Objects.requireNonNull(origin, "origin");
    }

    /** Where a staged Commit came from. */
    sealed interface Origin {
        /** This client made it. */
        record Own(MlsMessage message, Optional<MlsMessage> welcome) implements Origin {}

        /** It came, and used a key of a member's handshake ratchet, if it was a PrivateMessage. */
        record Received(Optional<UsedKey> key) implements Origin {}

        /** The key of a PrivateMessage, derived and not yet consumed; closed with the Commit. */
        record UsedKey(LeafIndex sender, PendingKey key) {}
    }

    /**
     * A proposal that was received and that an own Commit does not cover. It is dropped with its epoch, and may be made anew in the
     * next (RFC 9420 §12.4).
     *
     * @param proposal the proposal
     * @param reason why it cannot stand beside the others
     */
    public record LeftOut(ResolvedProposal proposal, MlsException reason) {
        /** Checks that nothing is missing. */
        public LeftOut {
            Objects.requireNonNull(proposal, "proposal");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Takes over the secrets of the new epoch.
     *
     * @param nextSigner the signer of the new epoch
     * @param maker makes the GroupInfo of the new epoch
     */
    StagedCommit withSecrets(
            EpochSecrets newSecrets, TreePrivateKeys newTreeKeys, Signer nextSigner, GroupInfoMaker maker) {
        groupInfoMaker = maker;
        secrets = newSecrets;
        treeKeys = newTreeKeys;
        signer = nextSigner;
        return this;
    }

    /** The group. */
    public Bytes groupId() {
        return base.groupId();
    }

    /** The state that the Commit starts from. */
    public GroupState base() {
        return base;
    }

    /** The state that merging enters. If this client is removed, what could be computed of it without secrets. */
    public GroupState nextState() {
        return next;
    }

    /** What changes. */
    public CommitEffects effects() {
        return effects;
    }

    /** Whether this client made the Commit. */
    public boolean isOwn() {
        return origin instanceof Origin.Own;
    }

    /** The Commit, to be sent to the group; throws {@link IllegalStateException} if this client did not make it. */
    public MlsMessage message() {
        return own().message();
    }

    /**
     * The Welcome for the members that the Commit adds, if it adds any; not to be delivered before the Commit is known to be
     * accepted (RFC 9420 §14). Throws {@link IllegalStateException} if this client did not make the Commit.
     */
    public Optional<MlsMessage> welcome() {
        return own().welcome();
    }

    /**
     * A signed GroupInfo of the epoch that the Commit begins, by which others can join it from outside; to be published together
     * with the Commit. Computed anew at each call: linear in the size of the group if it holds the tree.
     *
     * @param withRatchetTree whether it holds the ratchet tree
     * @throws CryptoException if the signer does not perform the operation
     * @throws IllegalStateException if the Commit was merged or closed, or removes this client
     */
    public MlsMessage groupInfo(boolean withRatchetTree) throws CryptoException {
        if (secrets == null) {
            throw new IllegalStateException("there are no secrets of the new epoch here");
        }
        return groupInfoMaker.make(
                next, secrets, treeKeys.leafIndex(), signer, new GroupInfoMaker.Parts(withRatchetTree, true));
    }

    /**
     * The received proposals that this client had to leave out of its own Commit, because members proposed what does not go
     * together; not those that the application left out. Empty for a Commit of another member, and after a reload.
     */
    public List<LeftOut> leftOut() {
        return leftOut;
    }

    StagedCommit withLeftOut(List<LeftOut> value) {
        leftOut = List.copyOf(value);
        return this;
    }

    /** Puts an own Commit among those that wait in a group. */
    void waitIn(MemberState member) {
        member.pending.put(Bytes.wrap(message().encoded()), this);
        waitsIn = member;
    }

    private Origin.Own own() {
        if (origin instanceof Origin.Own own) {
            return own;
        }
        throw new IllegalStateException("another member made this Commit");
    }

    Origin origin() {
        return origin;
    }

    EpochSecrets secrets() {
        return secrets;
    }

    TreePrivateKeys treeKeys() {
        return treeKeys;
    }

    Signer signer() {
        return signer;
    }

    /** Whether it was merged or closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Marks it as used: the secrets have a new owner. */
    void markMerged() {
        if (origin instanceof Origin.Received received) {
            received.key().ifPresent(used -> used.key().close());
        }
        closed = true;
        waitsIn = null;
        secrets = null;
        treeKeys = null;
        signer = null;
    }

    /**
     * Drops the Commit and wipes the secrets of the epoch that will not be entered this way. An own one is deleted from the store,
     * too: close it only if it is known not to have been accepted, because nobody can follow a Commit without its secrets. What the
     * store throws aborts the call. Closing twice, or after merging, does nothing; closing the group leaves its stored Commits.
     */
    @Override
    public void close() {
        if (!closed && waitsIn != null) {
            waitsIn.forget(this);
        }
        wipe();
    }

    /** Wipes the secrets in memory alone. */
    void wipe() {
        if (!closed && secrets != null) {
            secrets.close();
            treeKeys.close();
        }
        markMerged();
    }

    @Override
    public String toString() {
        return "StagedCommit[to epoch " + Long.toUnsignedString(next.epoch()) + (isOwn() ? ", own" : "")
                + (closed ? ", closed" : "") + "]";
    }
}
