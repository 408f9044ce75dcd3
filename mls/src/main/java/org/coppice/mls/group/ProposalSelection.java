package org.coppice.mls.group;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.RatchetTree;

/**
 * Picks the received proposals that go into one Commit: as many as make a valid list (RFC 9420 §12.4), preferring Removes to
 * Updates, the latest of several Updates, and anything to a ReInit (§12.2).
 */
final class ProposalSelection {
    private final LeafIndex committer;
    private final Set<LeafIndex> removed = new HashSet<>();
    private final Set<SignaturePublicKey> added = new HashSet<>();
    private final Set<PreSharedKeyId> psks = new HashSet<>();
    private boolean hasExtensions;
    private boolean hasReInit;
    private final List<ResolvedProposal> chosen = new ArrayList<>();

    private ProposalSelection(LeafIndex committer, List<Proposal> byValue) {
        this.committer = committer;
        byValue.forEach(this::claim);
    }

    /**
     * @param received in the order they came
     * @param byValue what the committer itself proposes, which always stays
     */
    static List<ResolvedProposal> select(
            List<ResolvedProposal> received, List<Proposal> byValue, LeafIndex committer, GroupState state) {
        ProposalSelection selection = new ProposalSelection(committer, byValue);
        if (selection.hasReInit) {
            return List.of();
        }
        selection.chooseRemoves(received);
        selection.chooseUpdates(received);
        selection.chooseOthers(received, state);
        if (selection.chosen.isEmpty() && byValue.isEmpty()) {
            received.stream()
                    .filter(proposal -> proposal.proposal() instanceof Proposal.ReInit)
                    .findFirst()
                    .ifPresent(selection.chosen::add);
        }
        return selection.chosen;
    }

    private void claim(Proposal proposal) {
        if (proposal instanceof Proposal.Remove remove) {
            removed.add(remove.removed());
        } else if (proposal instanceof Proposal.Add add) {
            added.add(add.keyPackage().leafNode().signatureKey());
        } else if (proposal instanceof Proposal.PreSharedKey psk) {
            psks.add(psk.psk());
        } else if (proposal instanceof Proposal.GroupContextExtensions) {
            hasExtensions = true;
        } else if (proposal instanceof Proposal.ReInit) {
            hasReInit = true;
        }
    }

    private void chooseRemoves(List<ResolvedProposal> received) {
        for (ResolvedProposal proposal : received) {
            if (proposal.proposal() instanceof Proposal.Remove remove
                    && !remove.removed().equals(committer)
                    && removed.add(remove.removed())) {
                chosen.add(proposal);
            }
        }
    }

    private void chooseUpdates(List<ResolvedProposal> received) {
        Map<LeafIndex, ResolvedProposal> latest = new LinkedHashMap<>();
        for (ResolvedProposal proposal : received) {
            if (proposal.proposal() instanceof Proposal.Update
                    && proposal.sender() instanceof Sender.Member sender
                    && !sender.leafIndex().equals(committer)
                    && !removed.contains(sender.leafIndex())) {
                latest.put(sender.leafIndex(), proposal);
            }
        }
        chosen.addAll(latest.values());
    }

    private void chooseOthers(List<ResolvedProposal> received, GroupState state) {
        RatchetTree remaining = withoutRemoved(state.tree());
        for (ResolvedProposal resolved : received) {
            Proposal proposal = resolved.proposal();
            boolean fits = false;
            if (proposal instanceof Proposal.Add add) {
                fits = fits(add, state);
            } else if (proposal instanceof Proposal.PreSharedKey psk) {
                fits = psks.add(psk.psk());
            } else if (proposal instanceof Proposal.GroupContextExtensions) {
                fits = !hasExtensions;
                hasExtensions = true;
            } else if (proposal instanceof Proposal.Custom custom) {
                fits = remaining.support().supportsAll(custom.type());
            }
            if (fits) {
                chosen.add(resolved);
            }
        }
    }

    /** The members who will process the Commit: a custom type is asked of them alone (§12.2). */
    private RatchetTree withoutRemoved(RatchetTree tree) {
        RatchetTree out = tree;
        for (LeafIndex leaf : removed) {
            out = out.leaf(leaf).isPresent() ? out.remove(leaf) : out;
        }
        return out;
    }

    private boolean fits(Proposal.Add add, GroupState state) {
        SignaturePublicKey key = add.keyPackage().leafNode().signatureKey();
        boolean isMember = state.tree()
                .leafWithSignatureKey(key)
                .filter(leaf -> !removed.contains(leaf))
                .isPresent();
        return !isMember && added.add(key);
    }
}
