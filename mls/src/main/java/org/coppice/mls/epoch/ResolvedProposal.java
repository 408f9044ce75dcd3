package org.coppice.mls.epoch;

import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;

/**
 * A proposal together with who sent it.
 *
 * @param proposal the proposal
 * @param sender who sent it; the committer for one that a Commit holds by value (RFC 9420 §12.4)
 * @param ref its reference, unless a Commit holds it by value
 */
public record ResolvedProposal(Proposal proposal, Sender sender, Optional<ProposalRef> ref) {
    /** Checks that nothing is missing. */
    public ResolvedProposal {
        Objects.requireNonNull(proposal, "proposal");
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(ref, "ref");
    }
}
