package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;

/**
 * What a Commit's proposals do to a group (RFC 9420 §12.3) without asking whether they may: so a committer who breaks rules computes
 * the epoch that they would lead to.
 *
 * @param tree the tree without the path
 * @param committer where the path begins
 * @param added the new leaves
 * @param psks the pre-shared keys in their order
 * @param kemOutput of the ExternalInit, if there is one
 */
record Applied(
        RatchetTree tree,
        Extensions extensions,
        LeafIndex committer,
        Set<LeafIndex> added,
        List<PreSharedKeyId> psks,
        Optional<Bytes> kemOutput) {

    /**
     * Applies a list; empty if that cannot be done at all, because a leaf is not there or a reference says nothing.
     *
     * @param sent the proposals that were sent before
     */
    static Optional<Applied> of(GroupState state, Sender sender, Commit commit, List<ResolvedProposal> sent) {
        List<ResolvedProposal> proposals = new ArrayList<>();
        for (Commit.ProposalOrRef entry : commit.proposals()) {
            Optional<ResolvedProposal> resolved = resolve(entry, sender, sent);
            if (resolved.isEmpty()) {
                return Optional.empty();
            }
            proposals.add(resolved.get());
        }
        try {
            return Optional.of(apply(state, sender, proposals));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a leaf that is not there
        }
    }

    private static Optional<ResolvedProposal> resolve(
            Commit.ProposalOrRef entry, Sender sender, List<ResolvedProposal> sent) {
        if (entry instanceof Commit.ByValue value) {
            return Optional.of(new ResolvedProposal(value.proposal(), sender, Optional.empty()));
        }
        return sent.stream()
                .filter(proposal -> proposal.ref().equals(Optional.of(((Commit.ByReference) entry).ref())))
                .findFirst();
    }

    private static Applied apply(GroupState state, Sender sender, List<ResolvedProposal> proposals) {
        RatchetTree tree = state.tree();
        Extensions extensions = state.context().extensions();
        List<LeafNode> leaves = new ArrayList<>();
        List<PreSharedKeyId> psks = new ArrayList<>();
        Optional<Bytes> kemOutput = Optional.empty();
        for (ResolvedProposal resolved : proposals) {
            Proposal proposal = resolved.proposal();
            if (proposal instanceof Proposal.Update update && resolved.sender() instanceof Sender.Member member) {
                tree = tree.update(member.leafIndex(), update.leafNode());
            } else if (proposal instanceof Proposal.Add add) {
                leaves.add(add.keyPackage().leafNode());
            } else if (proposal instanceof Proposal.PreSharedKey psk) {
                psks.add(psk.psk());
            } else if (proposal instanceof Proposal.ExternalInit init) {
                kemOutput = Optional.of(init.kemOutput());
            } else if (proposal instanceof Proposal.GroupContextExtensions next) {
                extensions = next.extensions();
            }
        }
        for (ResolvedProposal resolved : proposals) {
            if (resolved.proposal() instanceof Proposal.Remove remove) {
                tree = tree.remove(remove.removed());
            }
        }
        RatchetTree.AddedAll result = tree.addAll(leaves);
        LeafIndex committer = sender instanceof Sender.Member member
                ? member.leafIndex()
                : result.tree().nextFreeLeaf();
        return new Applied(result.tree(), extensions, committer, new HashSet<>(result.indices()), psks, kemOutput);
    }
}
