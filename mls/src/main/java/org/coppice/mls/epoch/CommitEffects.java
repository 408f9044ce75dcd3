package org.coppice.mls.epoch;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;

/**
 * What a Commit changes, for the application to look at before it merges.
 *
 * @param committer who made it
 * @param proposals all proposals in their order
 * @param added the new members, with their leaves in the new epoch
 * @param removed the members that leave, as they stand in the old epoch
 * @param updated the members with a new leaf, the committer among them if the Commit has a path, with the new leaf
 * @param psks the pre-shared keys that enter the key schedule
 * @param extensions the group's new extensions, if they change
 * @param reInit the ReInit that ends the group, if there is one
 * @param selfRemoved whether this client is among the removed
 */
public record CommitEffects(
        Sender committer,
        List<ResolvedProposal> proposals,
        List<Member> added,
        List<Member> removed,
        List<Member> updated,
        List<PreSharedKeyId> psks,
        Optional<Extensions> extensions,
        Optional<Proposal.ReInit> reInit,
        boolean selfRemoved) {
    /** Copies the lists. */
    public CommitEffects {
        Objects.requireNonNull(committer, "committer");
        proposals = List.copyOf(proposals);
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        updated = List.copyOf(updated);
        psks = List.copyOf(psks);
        Objects.requireNonNull(extensions, "extensions");
        Objects.requireNonNull(reInit, "reInit");
    }
}
