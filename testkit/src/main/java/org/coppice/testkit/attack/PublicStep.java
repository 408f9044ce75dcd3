package org.coppice.testkit.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;

/**
 * What everybody may see of one Commit: the delivery service, and whoever listens there.
 *
 * @param before the public state in which the Commit was made
 * @param after the public state to which it leads
 * @param commit its content
 * @param kemOutput of its ExternalInit, if it is an external Commit
 * @param psks which pre-shared keys it brings in
 */
public record PublicStep(
        GroupState before, GroupState after, Commit commit, Optional<Bytes> kemOutput, List<PreSharedKeyId> psks) {

    /** A Commit all of whose pre-shared keys are proposed in it. */
    static PublicStep of(GroupState before, GroupState after, Commit commit) {
        Optional<Bytes> kemOutput = Optional.empty();
        List<PreSharedKeyId> psks = new ArrayList<>();
        for (Commit.ProposalOrRef entry : commit.proposals()) {
            if (entry instanceof Commit.ByValue value && value.proposal() instanceof Proposal.ExternalInit init) {
                kemOutput = Optional.of(init.kemOutput());
            } else if (entry instanceof Commit.ByValue value && value.proposal() instanceof Proposal.PreSharedKey psk) {
                psks.add(psk.psk());
            }
        }
        return new PublicStep(before, after, commit, kemOutput, List.copyOf(psks));
    }

    /** Whether it brings in a pre-shared key that is kept apart from the group's state. */
    boolean foreignPsk() {
        return psks.stream().anyMatch(PreSharedKeyId.External.class::isInstance);
    }
}
