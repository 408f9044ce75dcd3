package org.coppice.mls.group;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.SuiteCrypto;
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
import org.coppice.mls.tree.RatchetTree;

/**
 * Follows a group from outside, without any secret: for a delivery service that refuses what the members would refuse (RFC 9750
 * §5). It checks signatures, proposals, paths, tree and parent hashes; membership and confirmation tags, path secrets and
 * PrivateMessages are beyond it.
 *
 * <p>It can only follow handshakes that travel as PublicMessage. After a Commit that it cannot see, start anew from a GroupInfo of
 * the new epoch.
 *
 * <p>Not thread safe; {@link #state()} may be shared freely.
 */
public final class PublicGroup {
    private final Environment environment;
    private final SuiteCrypto crypto;
    private final CommitChecker checker;
    private final ProposalRules rules;
    private final ProposalCache proposals = new ProposalCache();
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
        if (!(groupInfo.body() instanceof MlsMessage.GroupInfo body)) {
            throw new IllegalArgumentException("the message holds no GroupInfo but a " + groupInfo.wireFormat());
        }
        GroupInfo info = body.groupInfo();
        SuiteCrypto crypto = environment.crypto(info.groupContext().cipherSuite());
        JoinChecks checks = new JoinChecks(environment, crypto);
        RatchetTree tree = checks.tree(info, ratchetTree);
        return new PublicGroup(environment, crypto, checks.check(info, tree));
    }

    /** The public state of the present epoch: an immutable value. */
    public GroupState state() {
        return state;
    }

    /** Whether a ReInit was merged, after which the group takes no more. */
    public boolean isReinitialized() {
        return reinitialized;
    }

    /** The valid proposals of this epoch, in the order they came. */
    public List<ResolvedProposal> pendingProposals() {
        return proposals.all();
    }

    /** What a message turned out to be for an observer. */
    public sealed interface Observed {
        /** A PrivateMessage of the present epoch or of a past one, whose content an observer cannot see. */
        record Opaque(PrivateMessage message) implements Observed {}

        /** A valid proposal, kept until the epoch ends. */
        record ProposalCached(ResolvedProposal proposal) implements Observed {}

        /** A Commit that is valid as far as can be seen; {@link PublicGroup#merge} enters its epoch. */
        record CommitStaged(StagedPublicCommit commit) implements Observed {}
    }

    /**
     * A Commit that an observer has checked. Immutable.
     *
     * @param base the state that it starts from
     * @param nextState the state that it leads to
     * @param effects what changes
     */
    public record StagedPublicCommit(GroupState base, GroupState nextState, CommitEffects effects) {}

    /**
     * Checks a message of the group, and keeps it if it is a proposal.
     *
     * @throws MlsException if it is refused; nothing has changed then
     */
    public Observed receive(MlsMessage message) throws MlsException {
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
                .verify(SenderKeys.keyOf(framed, state), state.encodedContext(), crypto)
                .orElseThrow(() -> new ValidationException(Rule.MESSAGE_SIGNATURE));
        if (verified.content() instanceof Content.Proposal content) {
            return cache(verified, content.proposal());
        }
        CommitChecker.Checked checked = checker.check(verified, state, proposals);
        GroupState next = PublicTransition.nextState(state, checked, verified, crypto);
        return new Observed.CommitStaged(new StagedPublicCommit(state, next, checked.effects(null)));
    }

    private void checkPlace(Bytes groupId, long epoch, boolean pastAllowed) throws ValidationException {
        if (!groupId.equals(state.groupId())) {
            throw new UnknownGroupException();
        }
        if (reinitialized) {
            throw new GroupEndedException();
        }
        int order = Long.compareUnsigned(epoch, state.epoch());
        if (order > 0) {
            throw new FutureEpochException(epoch, state.epoch());
        }
        if (order < 0 && !pastAllowed) {
            throw new StaleEpochException(epoch, state.epoch());
        }
    }

    private Observed cache(VerifiedContent verified, Proposal proposal) throws MlsException {
        ResolvedProposal resolved = new ResolvedProposal(
                proposal,
                verified.sender(),
                Optional.of(verified.authenticated().proposalRef(crypto)));
        Claims claims = new Claims();
        rules.check(resolved, rules.uncommitted(state), claims);
        if (proposals.size() >= environment.policy().maxCachedProposals()) {
            throw new ValidationException(Rule.PROPOSAL_REFUSED_BY_POLICY, "too many proposals in this epoch");
        }
        claims.judge(environment.validator());
        proposals.put(resolved);
        return new Observed.ProposalCached(resolved);
    }

    /**
     * Enters the epoch that a Commit begins; all proposals of the present one are dropped.
     *
     * @throws IllegalStateException if the Commit starts from another epoch than the present one
     */
    public void merge(StagedPublicCommit commit) {
        if (!commit.base().equals(state)) {
            throw new IllegalStateException("the Commit starts from another epoch than the group is in");
        }
        state = commit.nextState();
        reinitialized = commit.effects().reInit().isPresent();
        proposals.clear();
    }

    @Override
    public String toString() {
        return "PublicGroup[" + state + "]";
    }
}
