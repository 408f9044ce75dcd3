package org.coppice.mls.group;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.rules.CommitKind;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;

/**
 * A member's view of one group (RFC 9420 §3): the public state, and the secrets that only this object owns.
 *
 * <pre>
 *              commit().build()  or  receive(Commit)
 *   ACTIVE ---------------------------------------------> ACTIVE + StagedCommit, which merge() enters or close() drops
 *   ACTIVE -- merge of a Commit that removes this client -> REMOVED        (all secrets wiped)
 *   ACTIVE -- merge of a ReInit --------------------------> REINITIALIZED  (reads late messages, sends nothing)
 * </pre>
 *
 * <p>A call that throws has changed nothing, in memory or in the store. Each call that changes something that must survive a
 * crash hands one {@link StateChange} to the environment's store before it returns; what the store throws aborts the call.
 * Sending consumes a key, so its new position is stored before the message is returned.
 *
 * <p>A group that was closed throws {@link IllegalStateException} from all but what reads the public state.
 *
 * <p>Not thread safe: one thread at a time uses a group. Different groups, also of one client, are independent. {@link #state()}
 * and everything in it may be shared freely.
 */
public final class Group implements AutoCloseable {
    private final MemberState member;
    private final MessageSender sending;
    private final MessageReceiver receiving;

    Group(MemberState member) {
        this.member = member;
        this.sending = new MessageSender(member);
        this.receiving = new MessageReceiver(member);
    }

    // ---- what can be seen

    /** The group's id. */
    public Bytes groupId() {
        return member.state.groupId();
    }

    /** The number of the present epoch, an unsigned 64-bit number. */
    public long epoch() {
        return member.state.epoch();
    }

    /** The public state of the present epoch: an immutable value. */
    public GroupState state() {
        return member.state;
    }

    /** Whether this client is still a member of a group that goes on; {@link #close} does not change it. */
    public GroupStatus status() {
        return member.status;
    }

    /** The cipher suite. */
    public CipherSuite cipherSuite() {
        return member.crypto.suite();
    }

    /** The operations of the group's suite. */
    public SuiteCrypto crypto() {
        return member.crypto;
    }

    /** This client's leaf; throws {@link IllegalStateException} once it was removed. */
    public LeafIndex ownLeaf() {
        requireMember();
        return member.ownLeaf();
    }

    /** All members, from left to right. */
    public List<Member> roster() {
        return member.state.roster();
    }

    /** The valid proposals of this epoch that no Commit has covered yet, in the order they came. */
    public List<ResolvedProposal> pendingProposals() {
        member.requireOpen();
        return member.proposals.all();
    }

    /** The ReInit that ended the group, if one did (RFC 9420 §11.2). */
    public Optional<Proposal.ReInit> reInit() {
        return member.reInit;
    }

    /** A value that equals at all members who agree on this epoch, to be compared out of band (RFC 9420 §8.7). */
    public Bytes epochAuthenticator() {
        requireKeys();
        return member.keys.secrets().epochAuthenticator();
    }

    /**
     * A secret of this epoch for a purpose of the application (MLS-Exporter, RFC 9420 §8.5); the caller's to close.
     *
     * @param label tells the purpose; ASCII
     * @param context binds the value to something, may be empty
     * @param length in bytes
     */
    public Secret export(String label, Bytes context, int length) {
        requireKeys();
        return member.keys.secrets().export(label, context, length);
    }

    /**
     * The resumption_psk of the present epoch, to be used in another group (RFC 9420 §8.6); the caller's to close.
     */
    public Secret resumptionPsk() {
        requireKeys();
        return member.keys.secrets().resumptionPsk().copy();
    }

    /**
     * A signed GroupInfo of the present epoch, by which others can join from outside.
     *
     * @param withRatchetTree whether it holds the ratchet tree; if not, the application has to bring it to joiners
     * @throws CryptoException if the signer does not perform the operation
     */
    public MlsMessage groupInfo(boolean withRatchetTree) throws CryptoException {
        member.requireActive();
        return member.groupInfos.make(
                member.state,
                member.keys.secrets(),
                member.ownLeaf(),
                member.signer,
                new GroupInfoMaker.Parts(withRatchetTree, true));
    }

    private void requireKeys() {
        member.requireOpen();
        requireMember();
    }

    private void requireMember() {
        if (member.status == GroupStatus.REMOVED) {
            member.requireActive();
        }
    }

    // ---- application messages

    /**
     * Encrypts data for the group.
     *
     * @param data is only read
     * @throws MlsException if the signer fails, or a limit of the AEAD is reached and a Commit is due
     * @throws IllegalStateException if the group has ended, or proposals wait that must be committed first (RFC 9420 §12.4)
     */
    public MlsMessage encrypt(byte[] data) throws MlsException {
        return encrypt(data, SendOptions.DEFAULT);
    }

    /**
     * Encrypts data for the group, with options.
     *
     * @param data is only read
     * @throws MlsException if the signer fails, or a limit of the AEAD is reached and a Commit is due
     * @throws IllegalStateException if the group has ended, or proposals wait that must be committed first (RFC 9420 §12.4)
     */
    public MlsMessage encrypt(byte[] data, SendOptions options) throws MlsException {
        member.requireActive();
        // §12.4: who has seen a valid proposal commits before sending application data.
        if (member.proposals.size() > 0) {
            throw new IllegalStateException("commit the proposals of this epoch before sending (RFC 9420 §12.4)");
        }
        Content content = new Content.Application(Bytes.copyOf(data));
        return sending.send(content, options, StateChange.builder(groupId()));
    }

    /**
     * Takes a message of the group: opens and verifies it, and says what it is. Application data are consumed, a proposal is kept,
     * a Commit is staged and changes nothing until {@link #merge}.
     *
     * @throws MlsException if it is refused; nothing has changed then. Subclasses of
     *     {@link org.coppice.mls.error.ValidationException} tell stale and future epochs, duplicates, and other groups apart
     */
    public Received receive(MlsMessage message) throws MlsException {
        member.requireOpen();
        if (member.status == GroupStatus.REMOVED) {
            member.checkActive();
        }
        return receiving.receive(message);
    }

    /**
     * Takes a message that has to be a Commit of another member.
     *
     * @throws MlsException as {@link #receive} does
     * @throws IllegalArgumentException if it is something else; nothing has changed then, and {@link #receive} takes it
     */
    public StagedCommit stage(MlsMessage message) throws MlsException {
        member.requireOpen();
        // Judged by its header before it is opened: an application message would be used up by receiving it.
        if (isCommit(message) && receive(message) instanceof Received.CommitStaged staged) {
            return staged.commit();
        }
        throw new IllegalArgumentException("the message is not a Commit of another member");
    }

    /** What is for no group counts as one, and is refused when it is received. */
    private static boolean isCommit(MlsMessage message) {
        if (message.body() instanceof PublicMessage body) {
            return body.authenticated().content().content().type() == ContentType.COMMIT;
        }
        return !(message.body() instanceof PrivateMessage body) || body.contentType() == ContentType.COMMIT;
    }

    // ---- proposals

    /** Proposes to add a client (§12.1.1). Throws as {@link #propose} does. */
    public MlsMessage proposeAdd(KeyPackage keyPackage) throws MlsException {
        return propose(new Proposal.Add(keyPackage), SendOptions.DEFAULT);
    }

    /** Proposes to remove a member (§12.1.3). Throws as {@link #propose} does. */
    public MlsMessage proposeRemove(LeafIndex leaf) throws MlsException {
        return propose(new Proposal.Remove(leaf), SendOptions.DEFAULT);
    }

    /** Proposes to mix in a pre-shared key of the application, with a fresh nonce (§12.1.4). Throws as {@link #propose} does. */
    public MlsMessage proposeExternalPsk(Bytes pskId) throws MlsException {
        Bytes nonce = Bytes.wrap(member.crypto.randomness().bytes(member.crypto.hashLength()));
        return propose(new Proposal.PreSharedKey(new PreSharedKeyId.External(pskId, nonce)), SendOptions.DEFAULT);
    }

    /** Proposes to mix in the resumption_psk of an epoch (§8.6), with a fresh nonce. Throws as {@link #propose} does. */
    public MlsMessage proposeResumptionPsk(Bytes groupId, long epoch) throws MlsException {
        Bytes nonce = Bytes.wrap(member.crypto.randomness().bytes(member.crypto.hashLength()));
        return propose(
                new Proposal.PreSharedKey(
                        new PreSharedKeyId.Resumption(ResumptionPskUsage.APPLICATION, groupId, epoch, nonce)),
                SendOptions.DEFAULT);
    }

    /** Proposes to replace the group's extensions (§12.1.7). Throws as {@link #propose} does. */
    public MlsMessage proposeExtensions(Extensions extensions) throws MlsException {
        return propose(new Proposal.GroupContextExtensions(extensions), SendOptions.DEFAULT);
    }

    /**
     * Proposes to end the group in favour of another (§12.1.5). Throws as {@link #propose} does.
     *
     * <p>Any version but a lower one is valid, even one that nobody speaks and in which there can be no successor. An application that
     * wants none of those, from anybody, has a {@link org.coppice.mls.environment.ProposalFilter} refuse them.
     */
    public MlsMessage proposeReInit(Proposal.ReInit reInit) throws MlsException {
        return propose(reInit, SendOptions.DEFAULT);
    }

    /**
     * Proposes a change. The proposal is checked as if it had been received, and then waits for a Commit here, too.
     *
     * @throws MlsException if it would be refused by the members
     * @throws IllegalArgumentException for an Update, which {@link #proposeUpdate} makes
     * @throws IllegalStateException if the group has ended
     */
    public MlsMessage propose(Proposal proposal, SendOptions options) throws MlsException {
        member.requireActive();
        if (proposal instanceof Proposal.Update) {
            throw new IllegalArgumentException("proposeUpdate makes Updates, because it keeps their private keys");
        }
        return new ProposalSender(member, sending).send(proposal, options, StateChange.builder(groupId()));
    }

    /** Proposes a fresh encryption key for the own leaf (§12.1.2); it counts once somebody commits it. */
    public MlsMessage proposeUpdate() throws MlsException {
        return proposeUpdate(LeafUpdate.KEY_ONLY, SendOptions.DEFAULT);
    }

    /**
     * Proposes a new own leaf (§12.1.2).
     *
     * @throws MlsException if it would be refused by the members
     * @throws IllegalStateException if the group has ended
     */
    public MlsMessage proposeUpdate(LeafUpdate update, SendOptions options) throws MlsException {
        member.requireActive();
        return new ProposalSender(member, sending).sendUpdate(update, options);
    }

    // ---- commits

    /** Begins a Commit (§12.4). */
    public CommitBuilder commit() {
        return new CommitBuilder(member, CommitKind.REGULAR);
    }

    /**
     * Enters the epoch that a staged Commit begins, and wipes the present one beyond what the policy keeps. All other staged
     * Commits and all proposals of the present epoch are dropped.
     *
     * @throws IllegalStateException if the Commit starts from another epoch, was merged or closed, or was staged by another
     *     member's client
     */
    public void merge(StagedCommit staged) {
        new Merger(member).merge(staged);
        if (member.status != GroupStatus.REMOVED) {
            member.predecessor = Optional.empty();
        }
    }

    /** The own Commits of this epoch that wait for the delivery service's order, the oldest first. */
    public List<StagedCommit> pendingCommits() {
        member.requireOpen();
        return List.copyOf(member.pending.values());
    }

    /** Drops and wipes the own Commits that wait, for example after another member's Commit won. */
    public void clearPendingCommits() {
        member.requireOpen();
        StateChange.Builder changes = StateChange.builder(groupId());
        member.pending
                .keySet()
                .forEach(message -> changes.delete(new RecordKey.PendingCommit(member.crypto.hash(message))));
        member.write(changes);
        member.pending.values().forEach(StagedCommit::wipe);
        member.pending.clear();
    }

    // ---- groups that continue this one

    /**
     * Creates a subgroup (RFC 9420 §11.3) with the same parameters. Throws as {@link #branch(Bytes, SuccessorRequest)} does.
     *
     * @param client this client
     * @param keyPackages new key packages of members of this group
     */
    public Successor branch(MlsClient client, Bytes newGroupId, List<KeyPackage> keyPackages) throws MlsException {
        return branch(newGroupId, SuccessorRequest.of(client, keyPackages));
    }

    /**
     * Creates a subgroup (RFC 9420 §11.3): a new group of the same version and suite whose first Commit adds the members asked for
     * and mixes in this group's resumption_psk. Send the Commit's Welcome, then merge the Commit.
     *
     * @throws MlsException if a key package is refused, or is for no member of this group, or the extensions are not such as
     *     a group may have
     * @throws IllegalArgumentException if the client is of another cipher suite
     */
    public Successor branch(Bytes newGroupId, SuccessorRequest request) throws MlsException {
        return SuccessorMaker.branch(member, newGroupId, request);
    }

    /**
     * Creates the group that takes this one's place after a ReInit (RFC 9420 §11.2). Throws as
     * {@link #reinitialize(SuccessorRequest)} does.
     *
     * @param client this client, of the cipher suite that the ReInit names
     * @param keyPackages new key packages of all other members
     */
    public Successor reinitialize(MlsClient client, List<KeyPackage> keyPackages) throws MlsException {
        return reinitialize(SuccessorRequest.of(client, keyPackages));
    }

    /**
     * Creates the group that takes this one's place after a ReInit (RFC 9420 §11.2). Send the Commit's Welcome, then merge the
     * Commit.
     *
     * @throws MlsException if a key package is refused, or a member is missing
     * @throws IllegalArgumentException if the client is not of the suite that the ReInit names, or extensions are asked for
     * @throws IllegalStateException if this group was not reinitialized
     */
    public Successor reinitialize(SuccessorRequest request) throws MlsException {
        return SuccessorMaker.reinitialize(member, request);
    }

    /** All that the store has of this group, written anew. */
    StateChange wholeState() {
        StateChange.Builder changes = StateChange.builder(groupId()).deleteGroup();
        GroupRecords.putAll(member, changes);
        return changes.build();
    }

    PskLookup pskLookup() {
        member.requireOpen();
        return member.pskLookup();
    }

    /** Wipes all secrets in memory; the store keeps its records. Closing twice does nothing. */
    @Override
    public void close() {
        member.close();
    }

    @Override
    public String toString() {
        return "Group[" + member.status + (member.isClosed() ? ", closed, " : ", ") + member.state + "]";
    }
}
