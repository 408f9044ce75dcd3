package org.coppice.interop;

import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.ExternalProposer;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.Proposal;

/**
 * One who proposes without being a member (RFC 9420 §12.1.8.1).
 *
 * @param participant its key and credential
 */
record ExternalSigner(Participant participant) {
    /** What a group's external_senders hold of it. */
    ExternalSender sender() {
        return new ExternalSender(
                participant.signatureKeys().publicKey(), participant.client().credential());
    }

    /**
     * A signed proposal.
     *
     * @param senders the group's external_senders
     * @throws IllegalArgumentException if this signer is none of them
     */
    MlsMessage propose(GroupContext context, List<ExternalSender> senders, Proposal proposal) throws CryptoException {
        int index = senders.indexOf(sender());
        if (index < 0) {
            throw new IllegalArgumentException("the signer is none of the group's external senders");
        }
        return new ExternalProposer(
                        participant.client().crypto(), participant.client().signer(), index)
                .propose(new FramedContent.Header(context.groupId(), context.epoch(), Bytes.EMPTY), proposal);
    }
}
