package org.coppice.mls.group;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.DuplicateMessageException;
import org.coppice.mls.error.FutureEpochException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.StaleEpochException;
import org.coppice.mls.error.UnknownGroupException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PrivateMessageCipher;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.SenderData;
import org.coppice.mls.framing.VerifiedContent;
import org.coppice.mls.rules.Claims;
import org.coppice.mls.rules.ProposalRules;
import org.coppice.mls.rules.SenderKeys;
import org.coppice.mls.schedule.EpochSecrets;
import org.coppice.mls.schedule.PendingKey;
import org.coppice.mls.schedule.RatchetType;
import org.coppice.mls.schedule.SecretTree;
import org.coppice.mls.state.StateChange;

/** Opens, verifies and sorts what arrives for a group (RFC 9420 §6, §15.3). A message that fails consumes nothing. */
final class MessageReceiver {
    private final MemberState member;
    private final PrivateMessageCipher cipher;
    private final CommitReceiver commits;
    private final ProposalRules rules;
    private final Echoes echoes;

    MessageReceiver(MemberState member) {
        this.member = member;
        this.cipher = new PrivateMessageCipher(member.crypto, member.environment.limits());
        this.commits = new CommitReceiver(member);
        this.rules = new ProposalRules(member.environment, member.crypto);
        this.echoes = new Echoes(member);
    }

    Received receive(MlsMessage message) throws MlsException {
        if (message.body() instanceof PublicMessage body) {
            return receivePublic(message, body);
        }
        if (message.body() instanceof PrivateMessage body) {
            return receivePrivate(message, body);
        }
        throw new ValidationException(Rule.WIRE_FORMAT_POLICY, message.wireFormat() + " is not for a group");
    }

    // ---- PublicMessage

    private Received receivePublic(MlsMessage message, PublicMessage body) throws MlsException {
        FramedContent framed = body.authenticated().content();
        checkGroup(framed.groupId());
        if (echoes.isLate(body.authenticated())) {
            return Echoes.late(framed.content().type(), framed.epoch());
        }
        checkPresentEpoch(framed.epoch());
        boolean fromMember = framed.sender() instanceof Sender.Member;
        if (fromMember && !member.environment.policy().acceptsPublicHandshakes()) {
            throw new ValidationException(Rule.WIRE_FORMAT_POLICY, "PublicMessage from a member");
        }
        Bytes context = member.state.encodedContext();
        // §6.2: the membership tag is checked before the content is used.
        if (fromMember) {
            member.keys
                    .secrets()
                    .verifyMembershipTag(
                            body.membershipTagInput(context),
                            body.membershipTag().orElseThrow());
        }
        VerifiedContent verified = verify(body.authenticated(), member.state);
        if (framed.sender() instanceof Sender.Member sender
                && sender.leafIndex().equals(member.ownLeaf())) {
            return echoes.of(message, verified);
        }
        if (verified.content().type() == ContentType.COMMIT) {
            return commits.stage(verified, Optional.empty());
        }
        return cacheProposal(verified, null);
    }

    // ---- PrivateMessage

    private Received receivePrivate(MlsMessage message, PrivateMessage body) throws MlsException {
        checkGroup(body.groupId());
        if (body.epoch() == member.state.epoch()) {
            member.checkActive();
            return openPrivate(message, body, member.state, member.keys.secrets(), member.keys.messageKeys());
        }
        if (Long.compareUnsigned(body.epoch(), member.state.epoch()) > 0) {
            throw new FutureEpochException(body.epoch(), member.state.epoch());
        }
        PastEpoch past = member.pastEpoch(body.epoch())
                .orElseThrow(() -> new StaleEpochException(body.epoch(), member.state.epoch()));
        // §14: only application messages are of use once their epoch is over.
        if (body.contentType() == ContentType.APPLICATION) {
            return openPrivate(message, body, past.state(), past.secrets(), past.messageKeys());
        }
        if (echoes.isLate(body, past, cipher)) {
            return Echoes.late(body.contentType(), body.epoch());
        }
        throw new StaleEpochException(body.epoch(), member.state.epoch());
    }

    private Received openPrivate(
            MlsMessage message, PrivateMessage body, GroupState state, EpochSecrets secrets, SecretTree messageKeys)
            throws MlsException {
        SenderData senderData = cipher.openSenderData(body, secrets::senderDataKeys);
        // §6.3.2: the leaf is checked before any key is derived for it.
        Member sender =
                state.member(senderData.leafIndex()).orElseThrow(() -> new ValidationException(Rule.SENDER_DATA_LEAF));
        if (senderData.leafIndex().equals(member.ownLeaf())) {
            boolean isAhead = senderData.generation() >= messageKeys.nextGeneration(member.ownLeaf(), ratchet(body));
            return echoes.of(message, body, isAhead && isSigned(body, senderData, state, messageKeys));
        }
        RatchetType type = ratchet(body);
        PendingKey key =
                messageKeys.receivingKey(senderData.leafIndex(), type, senderData.generation(), member.ratchetLimits());
        boolean kept = false;
        try {
            PrivateMessageCipher.MessageKey messageKey =
                    new PrivateMessageCipher.MessageKey(key.generation(), key.key(), key.nonce());
            VerifiedContent verified = verify(cipher.open(body, senderData, messageKey), state);
            if (verified.content().type() == ContentType.COMMIT) {
                // Merging consumes the key, so that it stays with the staged Commit until then.
                Received staged = commits.stage(
                        verified, Optional.of(new StagedCommit.Origin.UsedKey(senderData.leafIndex(), key)));
                kept = true;
                return staged;
            }
            if (verified.content() instanceof Content.Application content) {
                StateChange.Builder changes = StateChange.builder(state.groupId());
                key.record(changes, state.epoch());
                member.write(changes);
                key.confirm();
                return new Received.Application(
                        sender, content.data(), body.authenticatedData(), body.epoch(), senderData.generation());
            }
            return cacheProposal(verified, key);
        } finally {
            if (!kept) {
                key.close();
            }
        }
    }

    // ---- shared

    private void checkGroup(Bytes groupId) throws UnknownGroupException {
        if (!groupId.equals(member.state.groupId())) {
            throw new UnknownGroupException();
        }
    }

    private void checkPresentEpoch(long epoch) throws ValidationException {
        if (epoch == member.state.epoch()) {
            member.checkActive();
            return;
        }
        if (Long.compareUnsigned(epoch, member.state.epoch()) > 0) {
            throw new FutureEpochException(epoch, member.state.epoch());
        }
        throw new StaleEpochException(epoch, member.state.epoch());
    }

    private VerifiedContent verify(AuthenticatedContent content, GroupState state) throws MlsException {
        return content.verify(
                        SenderKeys.keyOf(content.content(), state, member.environment.limits()),
                        state.encodedContext(),
                        member.crypto)
                .orElseThrow(() -> new ValidationException(Rule.MESSAGE_SIGNATURE));
    }

    // ---- messages of the own leaf

    /**
     * Verifies a message of the own leaf under a key that this state has not used yet. Any member could name that leaf in the sender data,
     * so it is opened like that of another; the key is not consumed.
     */
    private boolean isSigned(PrivateMessage body, SenderData senderData, GroupState state, SecretTree messageKeys)
            throws MlsException {
        try (PendingKey key = messageKeys.receivingKey(
                senderData.leafIndex(), ratchet(body), senderData.generation(), member.ratchetLimits())) {
            PrivateMessageCipher.MessageKey messageKey =
                    new PrivateMessageCipher.MessageKey(key.generation(), key.key(), key.nonce());
            verify(cipher.open(body, senderData, messageKey), state);
            return true;
        }
    }

    private static RatchetType ratchet(PrivateMessage body) {
        return body.contentType() == ContentType.APPLICATION ? RatchetType.APPLICATION : RatchetType.HANDSHAKE;
    }

    /** @param key what opened it, in the present epoch; null for a PublicMessage */
    private Received cacheProposal(VerifiedContent verified, PendingKey key) throws MlsException {
        ResolvedProposal proposal = new ResolvedProposal(
                ((Content.Proposal) verified.content()).proposal(),
                verified.sender(),
                Optional.of(verified.authenticated().proposalRef(member.crypto)));
        if (member.proposals.find(proposal.ref().orElseThrow()).isPresent()) {
            throw new DuplicateMessageException();
        }
        Claims claims = new Claims();
        rules.check(proposal, rules.uncommitted(member.state), claims);
        member.proposals.requireRoom(member.environment.policy());
        claims.judge(member.environment.validator());
        // Not before it is accepted: what is recorded holds secrets, and only a write wipes it.
        StateChange.Builder changes = StateChange.builder(member.state.groupId());
        if (key != null) {
            key.record(changes, member.state.epoch());
        }
        member.proposals.record(proposal, member.state.epoch(), changes);
        member.write(changes);
        if (key != null) {
            key.confirm();
        }
        member.proposals.put(proposal);
        return new Received.ProposalCached(
                proposal.ref().orElseThrow(),
                proposal.proposal(),
                proposal.sender(),
                verified.framed().authenticatedData());
    }
}
