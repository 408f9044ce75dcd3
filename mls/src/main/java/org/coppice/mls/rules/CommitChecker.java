package org.coppice.mls.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.CustomProposalRule;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.VerifiedContent;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.MergedPath;
import org.coppice.mls.tree.PathProcessor;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.UpdatePath;

/** All checks of a received Commit that need no secrets (RFC 9420 §12.4.2); members and observers share them. */
public final class CommitChecker {
    private final Environment environment;
    private final SuiteCrypto crypto;
    private final ProposalRules rules;

    public CommitChecker(Environment environment, SuiteCrypto crypto) {
        this.environment = environment;
        this.crypto = crypto;
        this.rules = new ProposalRules(environment, crypto);
    }

    /**
     * A Commit that passed.
     *
     * @param transition its proposals, applied
     * @param committer its committer's leaf in the new epoch
     * @param path its path, applied
     * @param tree the tree of the new epoch
     * @param provisional the context of the new epoch with the old confirmed transcript hash
     */
    public record Checked(
            Transition transition,
            Sender sender,
            LeafIndex committer,
            Optional<MergedPath> path,
            RatchetTree tree,
            GroupContext provisional) {
        public CommitEffects effects(LeafIndex self) {
            Optional<Member> pathLeaf =
                    path.isPresent() ? tree.leaf(committer).map(leaf -> new Member(committer, leaf)) : Optional.empty();
            return transition.effects(sender, tree, pathLeaf, self);
        }
    }

    public Checked check(VerifiedContent content, GroupState state, ProposalCache cache) throws MlsException {
        Commit commit = ((Content.Commit) content.content()).commit();
        Sender sender = content.sender();
        CommitKind kind = sender instanceof Sender.NewMemberCommit ? CommitKind.EXTERNAL : CommitKind.REGULAR;
        if (kind == CommitKind.EXTERNAL && !environment.policy().acceptsExternalCommits()) {
            throw new ValidationException(Rule.EXTERNAL_COMMIT_REFUSED);
        }
        // §12: the epoch is a uint64 that only grows.
        if (state.epoch() == -1L) {
            throw new ValidationException(Rule.EPOCH_EXHAUSTED);
        }
        Instant now = environment.clock().instant();
        Claims claims = new Claims();
        List<ResolvedProposal> proposals = resolve(commit, sender, cache, kind);
        Transition transition =
                Transition.of(state, sender, kind, proposals, checks(state, kind, now, claims, rules, environment));
        // §12.4: the path may be left out only if there are proposals and none needs it; an external one was verified
        // with it.
        if (transition.pathRequired() && commit.path().isEmpty()) {
            throw new ValidationException(Rule.PATH_REQUIRED);
        }
        LeafIndex committer = sender instanceof Sender.Member member
                ? member.leafIndex()
                : transition.tree().nextFreeLeaf();
        Checked checked = applyPath(transition, sender, committer, commit.path(), state, now, claims);
        claims.judge(environment.validator());
        return checked;
    }

    private Checked applyPath(
            Transition transition,
            Sender sender,
            LeafIndex committer,
            Optional<UpdatePath> path,
            GroupState state,
            Instant now,
            Claims claims)
            throws MlsException {
        RatchetTree tree = transition.tree();
        Optional<MergedPath> merged = Optional.empty();
        if (path.isPresent()) {
            checkPathLeaf(transition, committer, path.get().leafNode(), state, now, claims);
            merged = Optional.of(PathProcessor.merge(tree, committer, path.get(), transition.addedLeaves(), crypto));
            tree = merged.get().tree();
        }
        transition.checkResult(tree);
        GroupContext provisional = state.context().provisional(tree.treeHash(), transition.extensions());
        return new Checked(transition, sender, committer, merged, tree, provisional);
    }

    private void checkPathLeaf(
            Transition transition, LeafIndex committer, LeafNode leaf, GroupState state, Instant now, Claims claims)
            throws MlsException {
        rules.validator(state.context(), transition.extensions(), now)
                .validate(leaf, LeafNodeSource.Kind.COMMIT, new LeafNode.Position(state.groupId(), committer));
        if (transition.kind() == CommitKind.EXTERNAL) {
            claims.add(leaf, IdentityClaim.Event.COMMIT);
            for (Member old : transition.removed()) {
                checkResync(old.leafNode(), leaf, claims);
            }
        } else {
            LeafNode previous = state.tree().leaf(committer).orElseThrow();
            claims.replace(previous, leaf, IdentityClaim.Event.COMMIT);
        }
    }

    /** §12.2: who removes its old leaf by an external Commit obeys the rules of an Update for that leaf. */
    private void checkResync(LeafNode old, LeafNode next, Claims claims) throws ValidationException {
        if (!environment.policy().acceptsResync()) {
            throw new ValidationException(Rule.EXTERNAL_COMMIT_REFUSED);
        }
        if (old.encryptionKey().equals(next.encryptionKey())) {
            throw new ValidationException(Rule.LEAF_ENCRYPTION_KEY_REUSED);
        }
        claims.resync(old, next);
    }

    private static List<ResolvedProposal> resolve(Commit commit, Sender sender, ProposalCache cache, CommitKind kind)
            throws ValidationException {
        List<ResolvedProposal> out = new ArrayList<>();
        for (Commit.ProposalOrRef entry : commit.proposals()) {
            if (entry instanceof Commit.ByReference reference) {
                if (kind == CommitKind.EXTERNAL) {
                    throw new ValidationException(Rule.EXTERNAL_COMMIT_REFERENCE);
                }
                out.add(cache.find(reference.ref())
                        .orElseThrow(() -> new ValidationException(Rule.PROPOSAL_REFERENCE_UNKNOWN)));
            } else {
                out.add(new ResolvedProposal(((Commit.ByValue) entry).proposal(), sender, Optional.empty()));
            }
        }
        return out;
    }

    /** Checks for {@link Transition}: proposals by reference were judged when they came, unless the extensions change. */
    public static Transition.Checks checks(
            GroupState state,
            CommitKind kind,
            Instant now,
            Claims claims,
            ProposalRules rules,
            Environment environment) {
        return new Transition.Checks() {
            @Override
            public void alone(List<ResolvedProposal> proposals, Extensions extensions) throws MlsException {
                boolean sameExtensions = extensions.equals(state.context().extensions());
                ProposalRules.Setting setting = new ProposalRules.Setting(state, extensions, kind, now);
                List<ResolvedProposal> fresh = new ArrayList<>();
                List<ResolvedProposal> again = new ArrayList<>();
                for (ResolvedProposal proposal : proposals) {
                    if (proposal.ref().isEmpty()) {
                        fresh.add(proposal);
                    } else if (!sameExtensions) {
                        again.add(proposal);
                    }
                }
                rules.checkAll(fresh, setting, claims, environment.workers());
                // The credentials of these were judged when they came; only the extensions are new.
                rules.checkAll(again, setting, new Claims(), environment.workers());
            }

            @Override
            public void together(List<ResolvedProposal> proposals) throws ValidationException {
                environment.policy().proposalFilter().checkAll(state, proposals);
            }

            @Override
            public CustomProposalRule custom(ProposalType type) {
                return environment.policy().customProposal(type);
            }
        };
    }
}
