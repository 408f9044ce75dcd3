package org.coppice.mls.group;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.crypto.HpkeKeyPair;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.rules.Claims;
import org.coppice.mls.rules.ProposalRules;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;

/** Sends proposals, each checked as its receivers will check it (RFC 9420 §12.1). */
final class ProposalSender {
    private final MemberState member;
    private final MessageSender sending;
    private final ProposalRules rules;

    ProposalSender(MemberState member, MessageSender sending) {
        this.member = member;
        this.sending = sending;
        this.rules = new ProposalRules(member.environment, member.crypto);
    }

    MlsMessage send(Proposal proposal, SendOptions options, StateChange.Builder changes) throws MlsException {
        Sender self = new Sender.Member(member.ownLeaf());
        Claims claims = new Claims();
        rules.check(new ResolvedProposal(proposal, self, Optional.empty()), rules.uncommitted(member.state), claims);
        ProposalRules.checkLifetimes(
                List.of(proposal), member.environment.clock().instant());
        claims.judge(member.environment.validator());

        AuthenticatedContent signed = sending.sign(new Content.Proposal(proposal), options);
        ProposalRef ref = signed.proposalRef(member.crypto);
        ResolvedProposal resolved = new ResolvedProposal(proposal, self, Optional.of(ref));
        // The same proposal of the same epoch is the same message, if signatures are deterministic: it keeps its place.
        boolean isNew = member.proposals.find(ref).isEmpty();
        if (isNew) {
            member.proposals.record(resolved, member.state.epoch(), changes);
        }
        try (MessageSender.Protected out = sending.protect(signed, options)) {
            sending.complete(out, changes);
            if (isNew) {
                member.proposals.put(resolved);
            }
            return out.message();
        }
    }

    /** §12.1.2: the new private key is kept until the Update is committed or the epoch ends. */
    MlsMessage sendUpdate(LeafUpdate update, SendOptions options) throws MlsException {
        LeafNode present = member.state.tree().leaf(member.ownLeaf()).orElseThrow();
        Signer signer = update.signer().orElse(member.signer);
        HpkeKeyPair keyPair = member.crypto.generateHpkeKeyPair();
        boolean done = false;
        try {
            LeafNode leaf = LeafNode.sign(
                    update.applyTo(present),
                    keyPair.publicKey(),
                    new LeafNodeSource.Update(),
                    new LeafNode.Position(member.state.groupId(), member.ownLeaf()),
                    member.crypto,
                    signer);
            MemberState.PendingUpdate pending = new MemberState.PendingUpdate(keyPair, signer);
            try (StateChange.Builder changes = StateChange.builder(member.state.groupId())) {
                GroupRecords.putUpdate(pending, changes);
                MlsMessage message = send(new Proposal.Update(leaf), options, changes);
                member.updates.put(keyPair.publicKey(), pending);
                done = true;
                return message;
            }
        } finally {
            if (!done) {
                keyPair.close();
            }
        }
    }
}
