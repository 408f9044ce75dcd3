package org.coppice.mls.rules;

import java.util.List;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Proposal;

/** Which key verifies a message, by the type of its sender (RFC 9420 §6.1). */
public final class SenderKeys {
    private SenderKeys() {}

    /**
     * The key that the sender's type designates, if such a sender may send such content.
     *
     * @param limits those of the client, for the group's list of external senders
     */
    public static SignaturePublicKey keyOf(FramedContent message, GroupState state, DecodeLimits limits)
            throws ValidationException, DecodeException {
        Sender sender = message.sender();
        if (sender instanceof Sender.Member member) {
            return state.tree()
                    .leaf(member.leafIndex())
                    .orElseThrow(() -> new ValidationException(Rule.SENDER_LEAF, "leaf " + member.leafIndex()))
                    .signatureKey();
        }
        if (sender instanceof Sender.External external) {
            return externalKey(message, external, state, limits);
        }
        if (sender instanceof Sender.NewMemberProposal) {
            if (message.content() instanceof Content.Proposal content
                    && content.proposal() instanceof Proposal.Add add) {
                return add.keyPackage().leafNode().signatureKey();
            }
            throw new ValidationException(Rule.NEW_MEMBER_PROPOSAL_CONTENT);
        }
        if (message.content() instanceof Content.Commit content) {
            return content.commit()
                    .path()
                    .orElseThrow(() -> new ValidationException(Rule.EXTERNAL_COMMIT_PATH))
                    .leafNode()
                    .signatureKey();
        }
        throw new ValidationException(Rule.NEW_MEMBER_COMMIT_CONTENT);
    }

    private static SignaturePublicKey externalKey(
            FramedContent message, Sender.External sender, GroupState state, DecodeLimits limits)
            throws ValidationException, DecodeException {
        if (message.content().type() != ContentType.PROPOSAL) {
            throw new ValidationException(Rule.EXTERNAL_SENDER_CONTENT);
        }
        List<ExternalSender> senders = state.externalSenders(limits);
        if (senders.isEmpty()) {
            throw new ValidationException(Rule.EXTERNAL_SENDERS_ABSENT);
        }
        if (sender.senderIndex() >= senders.size()) {
            throw new ValidationException(Rule.SENDER_INDEX, "index " + sender.senderIndex());
        }
        return senders.get((int) sender.senderIndex()).signatureKey();
    }
}
