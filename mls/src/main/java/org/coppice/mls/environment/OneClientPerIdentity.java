package org.coppice.mls.environment;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.CredentialValidator;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;

/** Tells clients by their identities in the Adds of a Commit (RFC 9420 §12.2). */
final class OneClientPerIdentity implements ProposalFilter {
    private final CredentialValidator validator;

    OneClientPerIdentity(CredentialValidator validator) {
        this.validator = Objects.requireNonNull(validator, "validator");
    }

    @Override
    public void check(GroupState state, ResolvedProposal proposal) {
        // One proposal alone cannot tell: a Remove in the same Commit may take the client out.
    }

    @Override
    public void checkAll(GroupState state, List<ResolvedProposal> proposals) throws ValidationException {
        Set<LeafIndex> removed = new HashSet<>();
        Set<Bytes> added = new HashSet<>();
        for (ResolvedProposal resolved : proposals) {
            if (resolved.proposal() instanceof Proposal.Remove remove) {
                removed.add(remove.removed());
            } else if (resolved.proposal() instanceof Proposal.Add add
                    && !added.add(identity(add.keyPackage().leafNode()))) {
                throw new ValidationException(Rule.ADD_TWICE);
            }
        }
        if (added.isEmpty()) {
            return;
        }
        for (Member member : state.roster()) {
            if (!removed.contains(member.leafIndex()) && added.contains(identity(member.leafNode()))) {
                throw new ValidationException(Rule.ADD_OF_MEMBER, "leaf " + member.leafIndex());
            }
        }
    }

    private Bytes identity(LeafNode leaf) {
        return validator.identity(new IdentityClaim(leaf.credential(), leaf.signatureKey(), IdentityClaim.Event.ADD));
    }
}
