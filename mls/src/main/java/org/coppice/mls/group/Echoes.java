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
import org.coppice.mls.rules.SenderKeys;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.UpdatePath;

/** Tells what this client sent itself, when the delivery service sends it back. */
final class Echoes {
    private final MemberState member;

    Echoes(MemberState member) {
        this.member = member;
    }

    /** A message of the own leaf. Only the very bytes that this client made count as its pending Commit. */
    Received of(MlsMessage message, ContentType type, long epoch) {
        StagedCommit commit = type == ContentType.COMMIT ? member.pending.get(Bytes.wrap(message.encoded())) : null;
        return new Received.Own(type, epoch, Optional.ofNullable(commit));
    }

    /** Whether this client sent a handshake message in an epoch that it has left, or entered the present one by it. */
    boolean isLate(AuthenticatedContent content) throws MlsException {
        FramedContent framed = content.content();
        if (framed.sender() instanceof Sender.NewMemberCommit
                && framed.content() instanceof Content.Commit body
                && framed.epoch() + 1 == member.state.epoch()) {
            // Nothing is kept of the epoch before to verify it by, but nobody else brought this leaf.
            Optional<LeafNode> joined = body.commit().path().map(UpdatePath::leafNode);
            return joined.isPresent() && joined.equals(member.state.tree().leaf(member.ownLeaf()));
        }
        Optional<PastEpoch> past = member.pastEpoch(framed.epoch());
        return past.isPresent()
                && framed.sender().equals(new Sender.Member(member.ownLeaf()))
                && isSigned(content, past.get().state());
    }

    private boolean isSigned(AuthenticatedContent content, GroupState state) throws MlsException {
        return content.verify(SenderKeys.keyOf(content.content(), state), state.encodedContext(), member.crypto)
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
