package org.coppice.mls.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.MemberSupport;
import org.coppice.mls.tree.RatchetTree;

/**
 * The proposals of one Commit, judged as a list (RFC 9420 §12.2) and applied to the tree and the extensions (§12.3), without the
 * path. A value: the state that it starts from is not touched.
 */
public final class Transition {
    private final CommitKind kind;
    private final List<ResolvedProposal> proposals;
    private RatchetTree tree;
    private Extensions extensions;
    private Optional<Extensions> newExtensions = Optional.empty();
    private final List<Member> removed = new ArrayList<>();
    private final List<Member> updated = new ArrayList<>();
    private final Map<LeafIndex, KeyPackage> added = new LinkedHashMap<>();
    private final List<PreSharedKeyId> psks = new ArrayList<>();
    private Optional<Proposal.ReInit> reInit = Optional.empty();
    private Optional<Proposal.ExternalInit> externalInit = Optional.empty();
    private boolean pathRequired;

    private Transition(CommitKind kind, List<ResolvedProposal> proposals, GroupState from) {
        this.kind = kind;
        this.proposals = List.copyOf(proposals);
        this.tree = from.tree();
        this.extensions = from.context().extensions();
    }

    /**
     * Judges and applies the list.
     *
     * @param checks checks one proposal on its own, and knows the custom types
     */
    public static Transition of(
            GroupState from, Sender committer, CommitKind kind, List<ResolvedProposal> proposals, Checks checks)
            throws MlsException {
        Transition out = new Transition(kind, proposals, from);
        out.checkList(committer, checks);
        // §12.3: the new extensions are in force when the other proposals are judged.
        out.applyExtensions();
        checks.alone(out.proposals, out.extensions);
        out.applyUpdates();
        out.applyRemoves();
        out.checkCustomTypes();
        out.applyAdds();
        out.collectTheRest(checks);
        return out;
    }

    /** What is asked of outside while a list is judged. */
    public interface Checks {
        /** Checks each proposal on its own, with {@code extensions} in force. */
        void alone(List<ResolvedProposal> proposals, Extensions extensions) throws MlsException;

        /** Checks the list against the application's own rules. */
        void together(List<ResolvedProposal> proposals) throws ValidationException;

        /** What the definition of a custom type says. */
        CustomProposalRule custom(ProposalType type);
    }

    // ---- the list as a whole

    private void checkList(Sender committer, Checks checks) throws ValidationException {
        if (kind == CommitKind.EXTERNAL) {
            checkExternal(checks);
        } else {
            checkRegular(((Sender.Member) committer).leafIndex());
        }
        // Ordered sets, here and below: their time does not depend on what an attacker made the hash codes to be.
        Set<Bytes> pskIds = new TreeSet<>();
        for (ResolvedProposal resolved : proposals) {
            if (resolved.proposal() instanceof Proposal.PreSharedKey psk
                    && !pskIds.add(SuiteCrypto.encode(psk.psk()))) {
                throw new ValidationException(Rule.PSK_TWICE);
            }
        }
        // §8.4: refused here, too, and not only where the keys are chained, as an observer has none.
        if (pskIds.size() > PskSecret.MAX_COUNT) {
            throw new ValidationException(Rule.PSK_COUNT, pskIds.size() + " keys");
        }
        checks.together(proposals);
    }

    private void checkRegular(LeafIndex committer) throws ValidationException {
        Set<LeafIndex> touched = new HashSet<>();
        Set<Bytes> addedKeys = new TreeSet<>();
        boolean hasExtensions = false;
        for (ResolvedProposal resolved : proposals) {
            Proposal proposal = resolved.proposal();
            if (proposal instanceof Proposal.Update) {
                LeafIndex target = updateTarget(resolved);
                if (target.equals(committer)) {
                    throw new ValidationException(Rule.UPDATE_BY_COMMITTER);
                }
                touch(touched, target);
            } else if (proposal instanceof Proposal.Remove remove) {
                if (remove.removed().equals(committer)) {
                    throw new ValidationException(Rule.REMOVE_OF_COMMITTER);
                }
                touch(touched, remove.removed());
            } else if (proposal instanceof Proposal.Add add) {
                if (!addedKeys.add(add.keyPackage().leafNode().signatureKey().data())) {
                    throw new ValidationException(Rule.ADD_TWICE);
                }
            } else if (proposal instanceof Proposal.GroupContextExtensions) {
                if (hasExtensions) {
                    throw new ValidationException(Rule.GCE_TWICE);
                }
                hasExtensions = true;
            } else if (proposal instanceof Proposal.ReInit && proposals.size() > 1) {
                throw new ValidationException(Rule.REINIT_NOT_ALONE);
            } else if (proposal instanceof Proposal.ExternalInit) {
                throw new ValidationException(Rule.EXTERNAL_INIT_IN_REGULAR_COMMIT);
            }
        }
    }

    private static void touch(Set<LeafIndex> touched, LeafIndex leaf) throws ValidationException {
        if (!touched.add(leaf)) {
            throw new ValidationException(Rule.SAME_LEAF_TWICE, "leaf " + leaf);
        }
    }

    private void checkExternal(Checks checks) throws ValidationException {
        int inits = 0;
        int removes = 0;
        for (ResolvedProposal resolved : proposals) {
            Proposal proposal = resolved.proposal();
            if (proposal instanceof Proposal.ExternalInit) {
                inits++;
            } else if (proposal instanceof Proposal.Remove) {
                removes++;
            } else if (!isAllowedInExternalCommit(proposal, checks)) {
                throw new ValidationException(Rule.EXTERNAL_COMMIT_PROPOSAL_TYPE, "type " + proposal.type());
            }
        }
        if (inits != 1) {
            throw new ValidationException(Rule.EXTERNAL_COMMIT_INIT_COUNT, inits + " of them");
        }
        if (removes > 1) {
            throw new ValidationException(Rule.EXTERNAL_COMMIT_REMOVE, removes + " Removes");
        }
    }

    private static boolean isAllowedInExternalCommit(Proposal proposal, Checks checks) {
        return proposal instanceof Proposal.PreSharedKey
                || proposal instanceof Proposal.Custom custom
                        && checks.custom(custom.type()).externalCommit();
    }

    /** Whose leaf an Update replaces: a member's, because nobody else's passes the checks of its sender (§12.1.8, §12.4.3.2). */
    private static LeafIndex updateTarget(ResolvedProposal resolved) {
        return ((Sender.Member) resolved.sender()).leafIndex();
    }

    // ---- application, in the order of §12.3

    private void applyExtensions() {
        for (ResolvedProposal resolved : proposals) {
            if (resolved.proposal() instanceof Proposal.GroupContextExtensions next) {
                extensions = next.extensions();
                newExtensions = Optional.of(extensions);
            }
        }
    }

    private void applyUpdates() {
        for (ResolvedProposal resolved : proposals) {
            if (resolved.proposal() instanceof Proposal.Update update) {
                LeafIndex target = updateTarget(resolved);
                LeafNode leaf = update.leafNode().compact();
                tree = tree.update(target, leaf);
                updated.add(new Member(target, leaf));
            }
        }
    }

    private void applyRemoves() {
        for (ResolvedProposal resolved : proposals) {
            if (resolved.proposal() instanceof Proposal.Remove remove) {
                LeafIndex target = remove.removed();
                // There, by the check of the proposal alone, and touched by no other of the list.
                removed.add(new Member(target, tree.leaf(target).orElseThrow()));
                tree = tree.remove(target);
            }
        }
    }

    private void applyAdds() throws ValidationException {
        List<KeyPackage> packages = new ArrayList<>();
        List<LeafNode> leaves = new ArrayList<>();
        for (ResolvedProposal resolved : proposals) {
            if (resolved.proposal() instanceof Proposal.Add add) {
                LeafNode leaf = add.keyPackage().leafNode().compact();
                // §12.2: a client that is in the group already, unless the list takes it out.
                if (tree.leafWithSignatureKey(leaf.signatureKey()).isPresent()) {
                    throw new ValidationException(Rule.ADD_OF_MEMBER);
                }
                packages.add(add.keyPackage());
                leaves.add(leaf);
            }
        }
        if (!leaves.isEmpty()) {
            RatchetTree.AddedAll result = tree.addAll(leaves);
            tree = result.tree();
            for (int i = 0; i < packages.size(); i++) {
                added.put(result.indices().get(i), packages.get(i));
            }
        }
    }

    /** §12.2: every member that will process the Commit knows the type; those it adds or removes are not asked. */
    private void checkCustomTypes() throws ValidationException {
        MemberSupport support = tree.support();
        for (ResolvedProposal resolved : proposals) {
            ProposalType type = resolved.proposal().type();
            if (!type.isDefault() && !support.supportsAll(type)) {
                throw new ValidationException(Rule.PROPOSAL_NOT_SUPPORTED, "type " + type);
            }
        }
    }

    private void collectTheRest(Checks checks) {
        pathRequired = proposals.isEmpty();
        for (ResolvedProposal resolved : proposals) {
            Proposal proposal = resolved.proposal();
            if (proposal instanceof Proposal.PreSharedKey psk) {
                psks.add(psk.psk());
            } else if (proposal instanceof Proposal.ReInit init) {
                reInit = Optional.of(init);
            } else if (proposal instanceof Proposal.ExternalInit init) {
                externalInit = Optional.of(init);
                pathRequired = true;
            } else if (proposal instanceof Proposal.Update
                    || proposal instanceof Proposal.Remove
                    || proposal instanceof Proposal.GroupContextExtensions) {
                pathRequired = true;
            } else if (proposal instanceof Proposal.Custom custom) {
                pathRequired |= checks.custom(custom.type()).pathRequired();
            }
        }
    }

    // ---- the tree that results, path included

    /**
     * Checks what must hold for all members of the new epoch together (§7.3, §12.2, §13.4).
     *
     * @param result the tree with the path, if the Commit has one
     */
    public void checkResult(RatchetTree result) throws MlsException {
        checkMembers(result, newExtensions);
    }

    /** What must hold for all members together, with new extensions if there are some. */
    public static void checkMembers(RatchetTree result, Optional<Extensions> newExtensions) throws MlsException {
        Optional<LeafIndex> twice = result.duplicateSignatureKey();
        if (twice.isPresent()) {
            throw new ValidationException(Rule.DUPLICATE_SIGNATURE_KEY, "leaf " + twice.get());
        }
        if (result.duplicateEncryptionKey().isPresent()) {
            throw new ValidationException(Rule.DUPLICATE_ENCRYPTION_KEY);
        }
        MemberSupport support = result.support();
        if (newExtensions.isPresent()) {
            checkSupport(support, newExtensions.get());
        }
        if (!support.coversUsedCredentialTypes()) {
            throw new ValidationException(Rule.LEAF_CREDENTIAL_NOT_SUPPORTED_BY_ALL);
        }
    }

    /** New extensions; those that the group has already, every new leaf was checked against on its own. */
    private static void checkSupport(MemberSupport support, Extensions extensions) throws MlsException {
        for (ExtensionType type : extensions.types()) {
            if (!support.supportsAll(type)) {
                throw new ValidationException(Rule.GROUP_EXTENSION_NOT_SUPPORTED, "extension " + type);
            }
        }
        // Each proposal's own checks have read it within the client's limits.
        Optional<RequiredCapabilities> required = RequiredCapabilities.in(extensions);
        if (required.isPresent() && !support.supportsAll(required.get())) {
            throw new ValidationException(Rule.GCE_REQUIRED_CAPABILITIES);
        }
    }

    // ---- results

    public CommitKind kind() {
        return kind;
    }

    public List<ResolvedProposal> proposals() {
        return proposals;
    }

    /** The tree after all proposals, without the path. */
    public RatchetTree tree() {
        return tree;
    }

    public Extensions extensions() {
        return extensions;
    }

    public List<Member> removed() {
        return removed;
    }

    /** The new leaves with the key packages they came from, in the order of the Adds. */
    public Map<LeafIndex, KeyPackage> added() {
        return added;
    }

    public Set<LeafIndex> addedLeaves() {
        return added.keySet();
    }

    public List<PreSharedKeyId> psks() {
        return List.copyOf(psks);
    }

    public Optional<Proposal.ExternalInit> externalInit() {
        return externalInit;
    }

    public boolean pathRequired() {
        return pathRequired;
    }

    public boolean removes(LeafIndex leaf) {
        return removed.stream().anyMatch(member -> member.leafIndex().equals(leaf));
    }

    /** What the application is told, with the committer's new leaf if there is a path. */
    public CommitEffects effects(Sender committer, RatchetTree result, Optional<Member> pathLeaf, LeafIndex self) {
        List<Member> addedMembers = new ArrayList<>();
        for (LeafIndex index : added.keySet()) {
            addedMembers.add(new Member(index, result.leaf(index).orElseThrow()));
        }
        List<Member> updatedMembers = new ArrayList<>(updated);
        if (pathLeaf.isPresent()) {
            (committer instanceof Sender.NewMemberCommit ? addedMembers : updatedMembers).add(pathLeaf.get());
        }
        return new CommitEffects(
                committer,
                proposals,
                addedMembers,
                removed,
                updatedMembers,
                psks,
                newExtensions,
                reInit,
                self != null && removes(self));
    }
}
