package org.coppice.mls.observer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.GroupEndedException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.error.UnknownGroupException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.VerifiedContent;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.rules.Claims;
import org.coppice.mls.rules.CommitChecker;
import org.coppice.mls.rules.JoinChecks;
import org.coppice.mls.rules.ProposalCache;
import org.coppice.mls.rules.ProposalRules;
import org.coppice.mls.rules.PublicTransition;
import org.coppice.mls.rules.SenderKeys;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.storage.PublicRecords;
import org.coppice.mls.tree.RatchetTree;

/**
 * Follows a group from outside, without any secret: for a delivery service that refuses what the members would refuse (RFC 9750
 * §5). It checks signatures, proposals, paths, tree and parent hashes; membership and confirmation tags, path secrets and
 * PrivateMessages are beyond it.
 *
 * <p>It can only follow handshakes that travel as PublicMessage. After a Commit that it cannot see, start anew from a GroupInfo of
 * the new epoch.
 *
 * <p>A message is checked first, then written, then taken over, by three calls of which only the last one changes anything:
 *
 * <pre>{@code
 * if (group.stage(message) instanceof Observed.Staged staged) {
 *     StateChange change = group.change(staged); // O(log n) records, none of them secret
 *     // in one transaction of the application: the message, its own rows, and the change
 *     group.merge(staged);
 * }
 * }</pre>
 *
 * <p>It does not write to the environment's store: whoever follows groups has rows of its own that must stand or fall with the
 * records, and what the observer loses in a crash the messages can tell it again. {@link #initialChange} writes the whole, {@link
 * #load} reads it back. An observer that fell behind catches up by staging and merging the later handshake messages in their
 * order, or is loaded anew.
 *
 * <p>Not thread safe; {@link #state()} and what was staged may be shared freely.
 */
public final class PublicGroup {
    private final Environment environment;
    private final SuiteCrypto crypto;
    private final CommitChecker checker;
    private final ProposalRules rules;
    private final ProposalCache proposals = new ProposalCache();
    /** Keys of stored proposals whose epoch is over: written by somebody who lost a race, deleted with the next Commit. */
    private final List<RecordKey> leftovers = new ArrayList<>();

    private GroupState state;
    private boolean reinitialized;

    private PublicGroup(Environment environment, SuiteCrypto crypto, GroupState state) {
        this.environment = environment;
        this.crypto = crypto;
        this.checker = new CommitChecker(environment, crypto);
        this.rules = new ProposalRules(environment, crypto);
        this.state = state;
    }

    /**
     * Begins to follow a group.
     *
     * @param groupInfo a GroupInfo of its present epoch
     * @param ratchetTree the tree, encoded as in the ratchet_tree extension, if the GroupInfo does not carry it
     * @throws MlsException if a check of RFC 9420 §12.4.3 fails
     * @throws IllegalArgumentException if the message holds no GroupInfo
     */
    public static PublicGroup follow(Environment environment, MlsMessage groupInfo, Optional<Bytes> ratchetTree)
            throws MlsException {
        GroupInfo info = groupInfo(groupInfo);
        SuiteCrypto crypto = environment.crypto(info.groupContext().cipherSuite());
        JoinChecks checks = new JoinChecks(environment, crypto);
        RatchetTree tree = checks.tree(info, ratchetTree);
        return new PublicGroup(environment, crypto, checks.check(info, tree));
    }

    /**
     * A group as it was when the last of its changes was applied. Nothing is judged again: what was stored was checked.
     *
     * @param records all records of the group, by their keys; neither kept nor changed
     * @throws MlsException if the records are no observer's, or of another version, incomplete or damaged ({@link
     *     Rule#STORED_STATE}), or if the provider lacks the group's suite
     */
    public static PublicGroup load(Environment environment, Map<Bytes, byte[]> records) throws MlsException {
        ObserverRecords.Header header = ObserverRecords.header(records);
        SuiteCrypto crypto = environment.crypto(header.context().cipherSuite());
        RatchetTree tree = PublicRecords.tree(records, header.context(), crypto);
        PublicGroup out = new PublicGroup(environment, crypto, header.state(tree));
        out.reinitialized = header.reinitialized();
        out.leftovers.addAll(out.proposals.restore(records, header.context().epoch()));
        return out;
    }

    /** The public state of the present epoch: an immutable value. */
    public GroupState state() {
        return state;
    }

    /** The present tree as the ratchet_tree extension holds it (RFC 9420 §12.4.3.3): as long as the group has members. */
    public Bytes ratchetTree() {
        return SuiteCrypto.encode(state.tree());
    }

    /** Whether a ReInit was merged, after which the group takes no more, but what its members had encrypted before. */
    public boolean isReinitialized() {
        return reinitialized;
    }

    /** The valid proposals of this epoch, in the order they came. */
    public List<ResolvedProposal> pendingProposals() {
        return proposals.all();
    }

    // ---- messages

    /**
     * Checks a message of the group. Nothing changes, whatever the outcome.
     *
     * @return an {@link Observed.Opaque}, a {@link StagedPublicProposal} or a {@link StagedPublicCommit}
     * @throws MlsException if it is refused: {@link UnknownGroupException}, {@link StaleEpochException}, {@link
     *     FutureEpochException}, {@link GroupEndedException}, {@link DuplicateMessageException} for a proposal that was merged
     *     before, or the rule that is broken
     */
    public Observed stage(MlsMessage message) throws MlsException {
        if (message.body() instanceof PrivateMessage body) {
            checkPlace(body.groupId(), body.epoch(), true);
            return new Observed.Opaque(body);
        }
        if (!(message.body() instanceof PublicMessage body)) {
            throw new ValidationException(Rule.WIRE_FORMAT_POLICY, message.wireFormat() + " is not for a group");
        }
        FramedContent framed = body.authenticated().content();
        checkPlace(framed.groupId(), framed.epoch(), false);
        VerifiedContent verified = body.authenticated()
                .verify(SenderKeys.keyOf(framed, state, environment.limits()), state.encodedContext(), crypto)
                .orElseThrow(() -> new ValidationException(Rule.MESSAGE_SIGNATURE));
        if (verified.content() instanceof Content.Proposal content) {
            return stage(verified, content.proposal());
        }
        CommitChecker.Checked checked = checker.check(verified, state, proposals);
        GroupState next = PublicTransition.nextState(state, checked, verified, crypto);
        return new StagedPublicCommit(state, next, checked.effects(null), verified);
    }

    private void checkPlace(Bytes groupId, long epoch, boolean pastAllowed) throws ValidationException {
        if (!groupId.equals(state.groupId())) {
            throw new UnknownGroupException();
        }
        boolean isLate = pastAllowed && Long.compareUnsigned(epoch, state.epoch()) < 0;
        if (reinitialized && !isLate) {
            throw new GroupEndedException();
        }
        checkEpoch(epoch, state.epoch(), pastAllowed);
    }

    private static void checkEpoch(long epoch, long present, boolean pastAllowed) throws ValidationException {
        int order = Long.compareUnsigned(epoch, present);
        if (order > 0) {
            throw new FutureEpochException(epoch, present);
        }
        if (order < 0 && !pastAllowed) {
            throw new StaleEpochException(epoch, present);
        }
    }

    private StagedPublicProposal stage(VerifiedContent verified, Proposal proposal) throws MlsException {
        ResolvedProposal resolved = new ResolvedProposal(
                proposal,
                verified.sender(),
                Optional.of(verified.authenticated().proposalRef(crypto)));
        if (proposals.find(resolved.ref().orElseThrow()).isPresent()) {
            throw new DuplicateMessageException();
        }
        Claims claims = new Claims();
        rules.check(resolved, rules.uncommitted(state), claims);
        proposals.requireRoom(environment.policy());
        claims.judge(environment.validator());
        return new StagedPublicProposal(state, resolved, verified);
    }

    /**
     * Takes over what was staged: keeps a proposal until its epoch ends, or enters the epoch that a Commit begins, dropping all
     * proposals of the present one. Call it once the {@link #change} is written.
     *
     * @throws IllegalStateException if it was staged in another epoch than the present one
     */
    public void merge(Observed.Staged staged) {
        requirePresent(staged);
        if (staged instanceof StagedPublicCommit commit) {
            state = commit.nextState();
            reinitialized = commit.effects().reInit().isPresent();
            proposals.clear();
            leftovers.clear();
        } else {
            proposals.put(((StagedPublicProposal) staged).proposal());
        }
    }

    private void requirePresent(Observed.Staged staged) {
        if (!staged.base().equals(state)) {
            throw new IllegalStateException("the message was staged in another epoch than the group is in");
        }
    }

    // ---- storage

    /** The whole group, in place of whatever is stored under its id: as many records as the tree has nodes. */
    public StateChange initialChange() {
        StateChange.Builder changes = StateChange.builder(state.groupId()).deleteGroup();
        ObserverRecords.putHeader(state, reinitialized, changes);
        PublicRecords.putWholeTree(state.tree(), changes);
        proposals.recordAll(state.epoch(), changes);
        return changes.build();
    }

    /**
     * What {@link #merge} of this will change, for one transaction together with the application's own rows: one record for a
     * proposal, O(log n) records for a Commit. Nothing changes here. Right as long as nothing else is merged in between.
     *
     * @return records that are all public; closing it is not needed
     * @throws IllegalStateException if it was staged in another epoch than the present one
     */
    public StateChange change(Observed.Staged staged) {
        requirePresent(staged);
        StateChange.Builder changes = StateChange.builder(state.groupId());
        if (staged instanceof StagedPublicCommit commit) {
            GroupState next = commit.nextState();
            ObserverRecords.putHeader(next, commit.effects().reInit().isPresent(), changes);
            PublicRecords.putTree(next.tree().diff(state.tree()), changes);
            proposals.recordDeletion(state.epoch(), changes);
            leftovers.forEach(changes::delete);
        } else {
            proposals.record(((StagedPublicProposal) staged).proposal(), state.epoch(), changes);
        }
        return changes.build();
    }

    // ---- GroupInfo

    /**
     * Checks that a GroupInfo, handed in by a member for others to join by, describes the present epoch exactly: the context, the
     * confirmation tag, the tree if it carries one, and the signature of a member. Its external_pub has to be a key of the suite;
     * which one follows from secrets, and is for members to check.
     *
     * @param groupInfo the message; it need not carry the tree
     * @return the GroupInfo
     * @throws MlsException if it is refused: {@link UnknownGroupException}, {@link StaleEpochException}, {@link
     *     FutureEpochException}, or the rule that is broken
     * @throws IllegalArgumentException if the message holds no GroupInfo
     */
    public GroupInfo checkGroupInfo(MlsMessage groupInfo) throws MlsException {
        return checkGroupInfo(groupInfo, state);
    }

    /**
     * As {@link #checkGroupInfo(MlsMessage)}, but for the epoch that a staged Commit begins: for a bundle of a Commit and its
     * GroupInfo.
     */
    public GroupInfo checkGroupInfo(MlsMessage groupInfo, StagedPublicCommit commit) throws MlsException {
        return checkGroupInfo(groupInfo, commit.nextState());
    }

    private GroupInfo checkGroupInfo(MlsMessage message, GroupState expected) throws MlsException {
        GroupInfo info = groupInfo(message);
        if (!info.groupContext().groupId().equals(expected.groupId())) {
            throw new UnknownGroupException();
        }
        checkEpoch(info.groupContext().epoch(), expected.epoch(), false);
        new JoinChecks(environment, crypto).checkAgainst(info, expected);
        return info;
    }

    private static GroupInfo groupInfo(MlsMessage message) {
        if (!(message.body() instanceof MlsMessage.GroupInfo body)) {
            throw new IllegalArgumentException("the message holds no GroupInfo but a " + message.wireFormat());
        }
        return body.groupInfo();
    }

    @Override
    public String toString() {
        return "PublicGroup[" + state + "]";
    }
}
