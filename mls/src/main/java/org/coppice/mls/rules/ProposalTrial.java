package org.coppice.mls.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;

/**
 * A list of proposals in the making, with the members as it would leave them. An immutable value: to try some proposals more
 * costs no more than themselves, however many were taken before, and a try that fails leaves no trace.
 *
 * <p>It knows the rules that concern several proposals or all members; those that fit here pass {@link Transition}, too. New
 * members may come to stand at other leaves than there, which no rule looks at.
 */
public final class ProposalTrial {
    private final ProposalTrial before;
    private final List<ResolvedProposal> last;
    /** Who processes the Commit: without new members. */
    private final RatchetTree members;

    private final RatchetTree withAdded;
    private final Optional<Extensions> newExtensions;
    private final Set<ProposalType> customTypes;

    private ProposalTrial(
            ProposalTrial before,
            List<ResolvedProposal> last,
            RatchetTree members,
            RatchetTree withAdded,
            Optional<Extensions> newExtensions,
            Set<ProposalType> customTypes) {
        this.before = before;
        this.last = last;
        this.members = members;
        this.withAdded = withAdded;
        this.newExtensions = newExtensions;
        this.customTypes = customTypes;
    }

    /** No proposals. */
    public static ProposalTrial of(RatchetTree tree) {
        return new ProposalTrial(null, List.of(), tree, tree, Optional.empty(), Set.of());
    }

    /** With a new leaf of a member, such as the committer's. */
    public ProposalTrial withLeaf(LeafIndex index, LeafNode leaf) {
        return new ProposalTrial(
                this,
                List.of(),
                members.update(index, leaf),
                withAdded.update(index, leaf),
                newExtensions,
                customTypes);
    }

    /** The proposals in the order in which they were given. */
    public List<ResolvedProposal> proposals() {
        List<List<ResolvedProposal>> parts = new ArrayList<>();
        for (ProposalTrial at = this; at != null; at = at.before) {
            parts.add(at.last);
        }
        List<ResolvedProposal> out = new ArrayList<>();
        for (int i = parts.size() - 1; i >= 0; i--) {
            out.addAll(parts.get(i));
        }
        return out;
    }

    /** The group's new extensions, if the list changes them. */
    public Optional<Extensions> newExtensions() {
        return newExtensions;
    }

    /**
     * With more proposals, each valid alone, whose Updates and Removes concern leaves of their own.
     *
     * @throws MlsException if the result breaks a rule
     */
    public ProposalTrial with(List<ResolvedProposal> more) throws MlsException {
        long extensions = more.stream()
                .filter(resolved -> resolved.proposal() instanceof Proposal.GroupContextExtensions)
                .count();
        if (extensions > (newExtensions.isPresent() ? 0 : 1)) {
            throw new ValidationException(Rule.GCE_TWICE);
        }
        ProposalTrial out = apply(more);
        Transition.checkMembers(out.withAdded, out.newExtensions);
        for (ProposalType type : out.customTypes) {
            if (!out.members.support().supportsAll(type)) {
                throw new ValidationException(Rule.PROPOSAL_NOT_SUPPORTED, "type " + type);
            }
        }
        return out;
    }

    /** With more proposals, whatever comes of it: for those that are judged later. */
    public ProposalTrial apply(List<ResolvedProposal> more) {
        RatchetTree nextMembers = members;
        RatchetTree nextWithAdded = withAdded;
        Optional<Extensions> nextExtensions = newExtensions;
        Set<ProposalType> nextTypes = new HashSet<>(customTypes);
        List<LeafNode> added = new ArrayList<>();
        for (ResolvedProposal resolved : more) {
            Proposal proposal = resolved.proposal();
            if (proposal instanceof Proposal.Remove remove) {
                // Nobody is there if the committer's own Remove is wrong.
                if (nextMembers.leaf(remove.removed()).isPresent()) {
                    nextMembers = nextMembers.remove(remove.removed());
                    nextWithAdded = nextWithAdded.remove(remove.removed());
                }
            } else if (proposal instanceof Proposal.Update update
                    && resolved.sender() instanceof Sender.Member sender) {
                nextMembers = nextMembers.update(sender.leafIndex(), update.leafNode());
                nextWithAdded = nextWithAdded.update(sender.leafIndex(), update.leafNode());
            } else if (proposal instanceof Proposal.GroupContextExtensions extensions) {
                nextExtensions = Optional.of(extensions.extensions());
            } else if (proposal instanceof Proposal.Custom custom) {
                nextTypes.add(custom.type());
            } else if (proposal instanceof Proposal.Add add) {
                added.add(add.keyPackage().leafNode());
            }
        }
        return new ProposalTrial(
                this, more, nextMembers, nextWithAdded.addAll(added).tree(), nextExtensions, nextTypes);
    }
}
