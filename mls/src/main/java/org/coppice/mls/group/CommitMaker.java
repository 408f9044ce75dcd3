package org.coppice.mls.group;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.credential.IdentityClaim;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.CommitEffects;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.rules.Claims;
import org.coppice.mls.rules.CommitChecker;
import org.coppice.mls.rules.ProposalRules;
import org.coppice.mls.rules.Transition;
import org.coppice.mls.schedule.CommitSecret;
import org.coppice.mls.schedule.PskSecret;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.LeafNodeValidator;
import org.coppice.mls.tree.PathBuilder;
import org.coppice.mls.tree.PreparedPath;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreePrivateKeys;
import org.coppice.mls.tree.UpdatePath;

/** Makes one own Commit (RFC 9420 §12.4.1). The group is not changed but for the position of its handshake ratchet. */
final class CommitMaker {
    private final MemberState member;
    private final CommitBuilder request;
    private final SuiteCrypto crypto;
    private final GroupState base;
    private final LeafIndex self;

    CommitMaker(MemberState member, CommitBuilder request) {
        this.member = member;
        this.request = request;
        this.crypto = member.crypto;
        this.base = member.state;
        this.self = member.ownLeaf();
    }

    StagedCommit make() throws MlsException {
        if (base.epoch() == -1L) {
            throw new IllegalStateException("the epoch number cannot grow");
        }
        Instant now = member.environment.clock().instant();
        Claims claims = new Claims();
        ProposalRules rules = new ProposalRules(member.environment, crypto);
        Transition.Checks checks = CommitChecker.checks(base, request.kind(), now, claims, rules, member.environment);
        CommitProposals proposals = CommitProposals.choose(member, request, rules, checks, now);
        Transition transition = Transition.of(base, new Sender.Member(self), request.kind(), proposals.all(), checks);
        ProposalRules.checkLifetimes(request.byValue(), now);
        if (transition.pathRequired() && !request.hasPath()) {
            throw new IllegalStateException("these proposals need a path (RFC 9420 §12.4)");
        }
        Signer nextSigner = request.hasPath() ? request.leafUpdate().signer().orElse(member.signer) : member.signer;
        try (TreePrivateKeys present = member.keys.treeKeys().retain(transition.tree());
                Path path = preparePath(transition, present, nextSigner)) {
            if (path.prepared != null) {
                LeafNode leaf = path.prepared.leafNode();
                LeafNode previous = base.tree().leaf(self).orElseThrow();
                LeafNodeValidator validator = rules.validator(base.context(), transition.extensions(), now);
                if (leaf.signatureKey().equals(previous.signatureKey())) {
                    validator.validateOwn(leaf, LeafNodeSource.Kind.COMMIT);
                } else {
                    // A new signer has shown nothing yet: that its key is of this suite, and that it signs with it.
                    validator.validate(leaf, LeafNodeSource.Kind.COMMIT, new LeafNode.Position(base.groupId(), self));
                }
                claims.replace(previous, leaf, IdentityClaim.Event.COMMIT);
            }
            transition.checkResult(path.tree);
            claims.judge(member.environment.validator());
            return stage(transition, path, present, nextSigner).withLeftOut(proposals.leftOut());
        }
    }

    /** The path, if there is one, and the tree with or without it. */
    private static final class Path implements AutoCloseable {
        private final PreparedPath prepared;
        private final RatchetTree tree;

        Path(PreparedPath prepared, RatchetTree tree) {
            this.prepared = prepared;
            this.tree = tree;
        }

        @Override
        public void close() {
            if (prepared != null) {
                prepared.close();
            }
        }
    }

    private Path preparePath(Transition transition, TreePrivateKeys present, Signer nextSigner) throws MlsException {
        if (!request.hasPath()) {
            return new Path(null, transition.tree());
        }
        LeafNode.Content content =
                request.leafUpdate().applyTo(base.tree().leaf(self).orElseThrow());
        PreparedPath prepared =
                PathBuilder.prepare(transition.tree(), self, content, base.groupId(), crypto, nextSigner, present);
        return new Path(prepared, prepared.tree());
    }

    private StagedCommit stage(Transition transition, Path path, TreePrivateKeys present, Signer nextSigner)
            throws MlsException {
        GroupContext provisional = base.context().provisional(path.tree.treeHash(), transition.extensions());
        Optional<UpdatePath> updatePath = path.prepared == null
                ? Optional.empty()
                : Optional.of(path.prepared.encrypt(
                        SuiteCrypto.encode(provisional), transition.addedLeaves(), member.environment.workers()));
        MessageSender sending = new MessageSender(member);
        Content content = new Content.Commit(new Commit(entries(transition), updatePath));
        AuthenticatedContent signed = sending.sign(content, request.options());
        try (PskSecret psk = member.pskLookup().secretOf(transition.psks(), crypto);
                CommitSecret commitSecret = path.prepared == null
                        ? CommitSecret.none(crypto)
                        : CommitSecret.wrap(path.prepared.commitSecret().copy());
                NextEpoch next = NextEpoch.derive(
                        base,
                        provisional,
                        path.tree,
                        signed,
                        new NextEpoch.Inputs(member.keys.secrets().initSecret(), commitSecret, psk),
                        crypto);
                MessageSender.Protected out = sending.protect(
                        signed.withConfirmationTag(next.state().confirmationTag()), request.options())) {
            Optional<MlsMessage> welcome = welcome(transition, path, next, nextSigner);
            CommitEffects effects = transition.effects(
                    new Sender.Member(self),
                    path.tree,
                    path.prepared == null ? Optional.empty() : Optional.of(new Member(self, path.prepared.leafNode())),
                    self);
            TreePrivateKeys nextKeys = path.prepared == null ? present.copy() : path.prepared.takePrivateKeys();
            StagedCommit staged = new StagedCommit(
                            base, next.state(), effects, new StagedCommit.Origin.Own(out.message(), welcome))
                    .withSecrets(next.takeSecrets(), nextKeys, nextSigner, member.groupInfos);
            return store(staged, sending, out);
        }
    }

    /** One write: the ratchet's new position and the Commit that waits, so that a crash before sending loses nothing. */
    private StagedCommit store(StagedCommit staged, MessageSender sending, MessageSender.Protected out) {
        StateChange.Builder changes = StateChange.builder(base.groupId());
        try {
            StoredCommit.put(staged, crypto, changes);
            sending.complete(out, changes);
        } catch (RuntimeException e) {
            staged.close();
            throw e;
        }
        staged.waitIn(member);
        return staged;
    }

    private static List<Commit.ProposalOrRef> entries(Transition transition) {
        List<Commit.ProposalOrRef> out = new ArrayList<>();
        for (ResolvedProposal proposal : transition.proposals()) {
            out.add(
                    proposal.ref().isPresent()
                            ? new Commit.ByReference(proposal.ref().get())
                            : new Commit.ByValue(proposal.proposal()));
        }
        return out;
    }

    private Optional<MlsMessage> welcome(Transition transition, Path path, NextEpoch next, Signer nextSigner)
            throws MlsException {
        if (transition.added().isEmpty()) {
            return Optional.empty();
        }
        WelcomeMaker maker = new WelcomeMaker(member, next, nextSigner, self);
        return Optional.of(maker.make(transition, Optional.ofNullable(path.prepared), request.hasTreeInWelcome()));
    }
}
