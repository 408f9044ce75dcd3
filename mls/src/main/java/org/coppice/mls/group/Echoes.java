package org.coppice.mls.group;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PrivateMessageCipher;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.VerifiedContent;
import org.coppice.mls.rules.SenderKeys;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.UpdatePath;

/** Tells what this client sent itself, when the delivery service sends it back. */
final class Echoes {
    private final MemberState member;

    Echoes(MemberState member) {
        this.member = member;
    }

    /** A PublicMessage of the own leaf, in the present epoch. */
    Received of(MlsMessage message, VerifiedContent verified) throws MlsException {
        ContentType type = verified.content().type();
        // Own proposals stay until the epoch ends; a Commit may have been dropped.
        boolean isUnknown = type == ContentType.PROPOSAL && !isKept(verified);
        return new Received.Own(type, verified.framed().epoch(), commit(message, type), isUnknown);
    }

    /**
     * A PrivateMessage of the own leaf.
     *
     * @param isAhead whether it is under a key that this state has not used, and is signed
     */
    Received of(MlsMessage message, PrivateMessage body, boolean isAhead) {
        return new Received.Own(body.contentType(), body.epoch(), commit(message, body.contentType()), isAhead);
    }

    /** A message of an epoch that is over. */
    static Received late(ContentType type, long epoch) {
        return new Received.Own(type, epoch, Optional.empty(), false);
    }

    /** Only the very bytes that this client made count as its pending Commit. */
    private Optional<StagedCommit> commit(MlsMessage message, ContentType type) {
        return type == ContentType.COMMIT
                ? Optional.ofNullable(member.pending.get(Bytes.wrap(message.encoded())))
                : Optional.empty();
    }

    private boolean isKept(VerifiedContent proposal) throws MlsException {
        return member.proposals
                .find(proposal.authenticated().proposalRef(member.crypto))
                .isPresent();
    }

    /** Whether this client sent a handshake message in an epoch that it has left, or entered the present one by it. */
    boolean isLate(AuthenticatedContent content) throws MlsException {
        FramedContent framed = content.content();
        if (framed.sender() instanceof Sender.NewMemberCommit
                && framed.content() instanceof Content.Commit body
                && framed.epoch() + 1 == member.state.epoch()) {
            // Nothing is kept of the epoch before to verify it by: who copies the leaf has it passed over, no more.
            Optional<LeafNode> joined = body.commit().path().map(UpdatePath::leafNode);
            return joined.isPresent() && joined.equals(member.state.tree().leaf(member.ownLeaf()));
        }
        Optional<PastEpoch> past = member.pastEpoch(framed.epoch());
        return past.isPresent()
                && framed.sender().equals(new Sender.Member(member.ownLeaf()))
                && isSigned(content, past.get().state());
    }

    private boolean isSigned(AuthenticatedContent content, GroupState state) throws MlsException {
        return content.verify(
                        SenderKeys.keyOf(content.content(), state, member.environment.limits()),
                        state.encodedContext(),
                        member.crypto)
                .isPresent();
    }

    /** Whether this client sent a message of an epoch that it has left. */
    boolean isLate(PrivateMessage message, PastEpoch past, PrivateMessageCipher cipher) throws MlsException {
        try {
            return cipher.openSenderData(message, past.secrets()::senderDataKeys)
                    .leafIndex()
                    .equals(member.ownLeaf());
        } catch (CryptoException e) {
            return false;
        }
    }
}
