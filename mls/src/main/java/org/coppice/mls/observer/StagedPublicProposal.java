package org.coppice.mls.observer;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.framing.VerifiedContent;

/** A proposal that an observer has checked; merging it keeps it until the epoch ends. Immutable. */
public final class StagedPublicProposal implements Observed.Staged {
    private final GroupState base;
    private final ResolvedProposal proposal;
    private final Bytes authenticatedData;

    StagedPublicProposal(GroupState base, ResolvedProposal proposal, VerifiedContent content) {
        this.base = base;
        this.proposal = proposal;
        this.authenticatedData = content.framed().authenticatedData();
    }

    @Override
    public GroupState base() {
        return base;
    }

    /** The proposal, its sender, and its reference, which is always there. */
    public ResolvedProposal proposal() {
        return proposal;
    }

    /** Data of the application that were authenticated with it. */
    public Bytes authenticatedData() {
        return authenticatedData;
    }

    @Override
    public String toString() {
        return "StagedPublicProposal[" + proposal.proposal().type() + " in " + base + "]";
    }
}
