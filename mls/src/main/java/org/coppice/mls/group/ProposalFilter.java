package org.coppice.mls.group;

import org.coppice.mls.error.ValidationException;

/**
 * The application's own rules about proposals: who may add, who may remove (RFC 9420 §12.2). All members of a group must apply
 * the same rules, or they part ways. Thread safe.
 */
@FunctionalInterface
public interface ProposalFilter {
    /**
     * Refuses a proposal by throwing. Asked when one is made, received, and committed.
     *
     * @param state the group as it is before
     * @throws ValidationException with {@link org.coppice.mls.error.Rule#PROPOSAL_REFUSED_BY_POLICY}
     */
    void check(GroupState state, ResolvedProposal proposal) throws ValidationException;

    /** Allows everything that RFC 9420 allows. */
    static ProposalFilter allowAll() {
        return (state, proposal) -> {};
    }
}
