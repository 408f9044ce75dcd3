package org.coppice.mls.environment;

import java.util.List;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
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

    /**
     * Refuses a list of proposals by throwing. Asked when a Commit is made or received, once its list fits the rules of RFC 9420.
     *
     * @param state the group as it is before
     * @param proposals all proposals of the Commit in their order
     * @throws ValidationException if they must not be committed together
     */
    default void checkAll(GroupState state, List<ResolvedProposal> proposals) throws ValidationException {}

    /** Allows everything that RFC 9420 allows. */
    static ProposalFilter allowAll() {
        return (state, proposal) -> {};
    }

    /**
     * Refuses Adds of a client twice, where equal identities mean the same client (§12.2). Without this only equal signature keys
     * do, so that one identity may have several clients. Asks for the identities of all members at each Commit with Adds.
     *
     * @param validator tells the identities
     */
    static ProposalFilter oneClientPerIdentity(CredentialValidator validator) {
        return new OneClientPerIdentity(validator);
    }
}
