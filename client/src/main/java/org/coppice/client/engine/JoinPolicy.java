package org.coppice.client.engine;

import java.util.List;
import org.coppice.client.model.ConversationInfo;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.environment.ProposalFilter;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.Proposal;

/**
 * The rules of conversations beyond those of RFC 9420, the same at every member because they follow from the group itself: a client is
 * added once, and who joins by itself takes its own place again unless the conversation is open.
 */
final class JoinPolicy implements ProposalFilter {
    private final ProposalFilter once;

    JoinPolicy(CredentialValidator names) {
        this.once = ProposalFilter.oneClientPerIdentity(names);
    }

    @Override
    public void check(GroupState state, ResolvedProposal proposal) throws ValidationException {
        once.check(state, proposal);
        if (proposal.proposal() instanceof Proposal.GroupContextExtensions change
                && ConversationInfo.find(change.extensions()).isEmpty()
                && ConversationInfo.find(state.context().extensions()).isPresent()) {
            throw new ValidationException(Rule.PROPOSAL_REFUSED_BY_POLICY, "takes the conversation's rules away");
        }
    }

    @Override
    public void checkAll(GroupState state, List<ResolvedProposal> proposals) throws ValidationException {
        once.checkAll(state, proposals);
        boolean external = proposals.stream().anyMatch(p -> p.proposal() instanceof Proposal.ExternalInit);
        boolean replaces = proposals.stream().anyMatch(p -> p.proposal() instanceof Proposal.Remove);
        boolean open = ConversationInfo.find(state.context().extensions())
                .map(info -> info.externalJoins() == ConversationInfo.ExternalJoins.OPEN)
                .orElse(false);
        if (external && !replaces && !open) {
            throw new ValidationException(
                    Rule.PROPOSAL_REFUSED_BY_POLICY, "who joins this conversation by itself takes its own place again");
        }
    }
}
