package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.rules.CommitKind;
import org.coppice.mls.tree.LeafIndex;

/**
 * Gathers what a Commit shall do (RFC 9420 §12.4). Without any call it covers the proposals that were received and refreshes the
 * own keys. Not thread safe.
 *
 * <pre>{@code
 * StagedCommit staged = group.commit().add(bobsKeyPackage).build();
 * send(staged.message(), staged.welcome());   // then wait for the delivery service's order
 * group.merge(staged);
 * }</pre>
 */
public final class CommitBuilder {
    private final MemberState member;
    private final CommitKind kind;
    private final List<Supplier<Proposal>> asked = new ArrayList<>();
    /** What was asked for, for the Commit that is being built. */
    private List<Proposal> byValue = List.of();

    private final Set<ProposalRef> excluded = new HashSet<>();
    private boolean includeReceived = true;
    private boolean path = true;
    private boolean treeInWelcome = true;
    private LeafUpdate leafUpdate = LeafUpdate.KEY_ONLY;
    private SendOptions options = SendOptions.DEFAULT;

    CommitBuilder(MemberState member, CommitKind kind) {
        this.member = member;
        this.kind = kind;
    }

    /** Adds a client (§12.1.1). The key package is validated when the Commit is built. */
    public CommitBuilder add(KeyPackage keyPackage) {
        return propose(new Proposal.Add(keyPackage));
    }

    /** Adds clients, in this order. */
    public CommitBuilder addAll(List<KeyPackage> keyPackages) {
        keyPackages.forEach(this::add);
        return this;
    }

    /** Removes a member (§12.1.3). */
    public CommitBuilder remove(LeafIndex leaf) {
        return propose(new Proposal.Remove(leaf));
    }

    /** Mixes in a pre-shared key of the application, with a fresh nonce (§12.1.4). */
    public CommitBuilder externalPsk(Bytes pskId) {
        Objects.requireNonNull(pskId, "pskId");
        return psk(nonce -> new PreSharedKeyId.External(pskId, nonce));
    }

    /** Mixes in the resumption_psk of an epoch of this or another group, with a fresh nonce (§8.6). */
    public CommitBuilder resumptionPsk(Bytes groupId, long epoch) {
        return psk(org.coppice.mls.message.ResumptionPskUsage.APPLICATION, groupId, epoch);
    }

    CommitBuilder psk(org.coppice.mls.message.ResumptionPskUsage usage, Bytes groupId, long epoch) {
        Objects.requireNonNull(groupId, "groupId");
        return psk(nonce -> new PreSharedKeyId.Resumption(usage, groupId, epoch, nonce));
    }

    /** §8.4: the nonce is fresh each time that the key is mixed in, also if this builder builds again. */
    private CommitBuilder psk(Function<Bytes, PreSharedKeyId> id) {
        asked.add(() -> new Proposal.PreSharedKey(id.apply(nonce())));
        return this;
    }

    private Bytes nonce() {
        return Bytes.wrap(member.crypto.randomness().bytes(member.crypto.hashLength()));
    }

    /** Replaces all extensions of the group (§12.1.7). */
    public CommitBuilder extensions(Extensions extensions) {
        return propose(new Proposal.GroupContextExtensions(extensions));
    }

    /** Ends the group in favour of one with other parameters (§12.1.5); goes with no other proposal. */
    public CommitBuilder reInit(Proposal.ReInit reInit) {
        return propose(reInit);
    }

    /**
     * Adds any proposal by value.
     *
     * @throws IllegalArgumentException for an Update, which a committer never makes for itself, and an ExternalInit
     */
    public CommitBuilder propose(Proposal proposal) {
        if (proposal instanceof Proposal.Update || proposal instanceof Proposal.ExternalInit) {
            throw new IllegalArgumentException("a " + proposal.type() + " does not belong into a member's own Commit");
        }
        asked.add(() -> proposal);
        return this;
    }

    /** Leaves out a proposal that was received. */
    public CommitBuilder without(ProposalRef ref) {
        excluded.add(ref);
        return this;
    }

    /** Leaves out all proposals that were received. */
    public CommitBuilder withoutReceived() {
        includeReceived = false;
        return this;
    }

    /** Changes more of the own leaf than its encryption key; goes with a path only, which carries the leaf. */
    public CommitBuilder leaf(LeafUpdate update) {
        leafUpdate = Objects.requireNonNull(update, "update");
        return this;
    }

    /**
     * Leaves out the path, where it may be left out (§12.4): cheaper, but the own keys are not refreshed. {@link #build} throws
     * {@link IllegalStateException} where it may not.
     */
    public CommitBuilder withoutPath() {
        path = false;
        return this;
    }

    /** Leaves the ratchet tree out of the Welcome: the application brings it to the new members (§12.4.3.3). */
    public CommitBuilder withoutTreeInWelcome() {
        treeInWelcome = false;
        return this;
    }

    /** Data that are authenticated with the Commit. */
    public CommitBuilder authenticatedData(Bytes data) {
        options = options.withAuthenticatedData(data);
        return this;
    }

    /** How the Commit travels, where not by the group's policy. */
    public CommitBuilder wireFormat(WireFormat format) {
        options = options.withWireFormat(format);
        return this;
    }

    /**
     * Makes the Commit: validates everything, computes the next epoch, and stores the position of the handshake ratchet. The
     * group stays in its epoch until the Commit is merged. Received proposals that do not go together with what is given here, or
     * with each other, are left out ({@link StagedCommit#leftOut}), so that no member can keep another from committing.
     *
     * @throws MlsException if a proposal given here is not valid in this group, or a pre-shared key is not at hand
     * @throws IllegalStateException if the group has ended, or the path may not be left out: by §12.4, or because the own leaf
     *     shall change
     */
    public StagedCommit build() throws MlsException {
        member.requireActive();
        if (!path && !leafUpdate.equals(LeafUpdate.KEY_ONLY)) {
            throw new IllegalStateException("a Commit without a path cannot change the own leaf");
        }
        byValue = asked.stream().map(Supplier::get).toList();
        return new CommitMaker(member, this).make();
    }

    CommitKind kind() {
        return kind;
    }

    List<Proposal> byValue() {
        return byValue;
    }

    boolean covers(ResolvedProposal received) {
        return includeReceived && !excluded.contains(received.ref().orElseThrow());
    }

    boolean hasPath() {
        return path;
    }

    boolean hasTreeInWelcome() {
        return treeInWelcome;
    }

    LeafUpdate leafUpdate() {
        return leafUpdate;
    }

    SendOptions options() {
        return options;
    }
}
