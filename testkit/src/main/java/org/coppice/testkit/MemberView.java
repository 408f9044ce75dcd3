package org.coppice.testkit;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.GroupStatus;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.Proposal;

/**
 * All that a member tells of its group, to compare before and after what must change nothing. It is what the group holds in memory; what
 * it stored may be another matter.
 *
 * @param authenticator empty for who was removed
 * @param pendingCommits the same objects, not only equal ones
 */
public record MemberView(
        GroupState state,
        GroupStatus status,
        Optional<Bytes> authenticator,
        List<ResolvedProposal> pendingProposals,
        List<StagedCommit> pendingCommits,
        Optional<Proposal.ReInit> reInit) {
    /** What a group that is open tells now. */
    public static MemberView of(Group group) {
        return new MemberView(
                group.state(),
                group.status(),
                group.status() == GroupStatus.REMOVED ? Optional.empty() : Optional.of(group.epochAuthenticator()),
                group.pendingProposals(),
                group.pendingCommits(),
                group.reInit());
    }
}
