package org.coppice.mls.group;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.rules.Claims;
import org.coppice.mls.rules.ProposalRules;
import org.coppice.mls.rules.ProposalTrial;
import org.coppice.mls.rules.Transition;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;

/**
 * What one own Commit covers (RFC 9420 §12.4).
 *
 * @param all the received proposals that go together, then those that the Commit brings by value
 * @param leftOut the received ones that do not go with these
 */
record CommitProposals(List<ResolvedProposal> all, List<StagedCommit.LeftOut> leftOut) {
    static CommitProposals choose(
            MemberState member, CommitBuilder request, ProposalRules rules, Transition.Checks checks, Instant now)
            throws MlsException {
        LeafIndex self = member.ownLeaf();
        List<ResolvedProposal> received =
                member.proposals.all().stream().filter(request::covers).toList();
        List<ResolvedProposal> own = request.byValue().stream()
                .map(proposal -> new ResolvedProposal(proposal, new Sender.Member(self), Optional.empty()))
                .toList();
        if (received.isEmpty()) {
            return new CommitProposals(own, List.of());
        }
        ProposalSelection.Result result = new ProposalSelection(
                        self, own, new SelectionChecks(member, request, rules, checks, now))
                .select(received, withOwnLeaf(member, request).apply(own));
        List<ResolvedProposal> all = new ArrayList<>(result.chosen());
        all.addAll(own);
        return new CommitProposals(all, result.leftOut());
    }

    /** The group with what the path changes, but for its encryption keys, which are new to everybody. */
    private static ProposalTrial withOwnLeaf(MemberState member, CommitBuilder request) throws MlsException {
        ProposalTrial group = ProposalTrial.of(member.state.tree());
        if (!request.hasPath()) {
            return group;
        }
        LeafIndex self = member.ownLeaf();
        LeafNode present = member.state.tree().leaf(self).orElseThrow();
        LeafNode.Content content = request.leafUpdate().applyTo(present);
        return group.withLeaf(
                self,
                LeafNode.sign(
                        content,
                        present.encryptionKey(),
                        new LeafNodeSource.Commit(Bytes.EMPTY),
                        new LeafNode.Position(member.state.groupId(), self),
                        member.crypto,
                        new NoSigner(content.signatureKey())));
    }

    /** For a leaf that nobody will see: a real signer may be slow, or ask its owner. */
    private record NoSigner(SignaturePublicKey publicKey) implements Signer {
        @Override
        public byte[] sign(byte[] message) {
            return new byte[0];
        }
    }

    private record SelectionChecks(
            MemberState member, CommitBuilder request, ProposalRules rules, Transition.Checks checks, Instant now)
            implements ProposalSelection.Checks {
        @Override
        public void again(ResolvedProposal proposal, ProposalTrial trial) throws MlsException {
            Extensions present = member.state.context().extensions();
            Extensions next = trial.newExtensions().orElse(present);
            if (!next.equals(present)) {
                rules.check(proposal, new ProposalRules.Setting(member.state, next, request.kind(), now), new Claims());
            }
        }

        @Override
        public void together(List<ResolvedProposal> proposals) throws ValidationException {
            checks.together(proposals);
        }

        @Override
        public boolean hasPsk(PreSharedKeyId id) {
            return member.pskLookup().has(id);
        }
    }
}
