package org.coppice.mls.group;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;

/**
 * Proposes changes to a group from outside, as one of its external_senders (RFC 9420 §12.1.8). Immutable and thread safe.
 */
public final class ExternalProposer {
    private final SuiteCrypto crypto;
    private final Signer signer;
    private final long senderIndex;

    /**
     * @param crypto of the group's suite
     * @param signer holds the private half of the key in external_senders
     * @param senderIndex the position in that list, uint32
     */
    public ExternalProposer(SuiteCrypto crypto, Signer signer, long senderIndex) {
        this.crypto = Objects.requireNonNull(crypto, "crypto");
        this.signer = Objects.requireNonNull(signer, "signer");
        this.senderIndex = senderIndex;
    }

    /**
     * A signed proposal. Whoever proposes an Add makes sure beforehand that the leaf's lifetime includes the present time (§7.3);
     * there is no clock here.
     *
     * @param header the group, its present epoch, and authenticated data
     * @param proposal of a type that external senders may propose, or the group will refuse it
     * @throws CryptoException if the signer does not perform the operation
     */
    public MlsMessage propose(FramedContent.Header header, Proposal proposal) throws CryptoException {
        return sign(header, new Sender.External(senderIndex), proposal, crypto, signer);
    }

    static MlsMessage newMember(MlsClient client, Bytes groupId, long epoch, KeyPackage keyPackage)
            throws CryptoException {
        return sign(
                new FramedContent.Header(groupId, epoch, Bytes.EMPTY),
                new Sender.NewMemberProposal(),
                new Proposal.Add(keyPackage),
                client.crypto(),
                client.signer());
    }

    private static MlsMessage sign(
            FramedContent.Header header, Sender sender, Proposal proposal, SuiteCrypto crypto, Signer signer)
            throws CryptoException {
        FramedContent framed = FramedContent.of(header, sender, new Content.Proposal(proposal));
        // These senders are outside the group: no GroupContext is signed, and no membership tag is made (§6.1, §6.2).
        AuthenticatedContent signed =
                AuthenticatedContent.sign(WireFormat.PUBLIC_MESSAGE, framed, Bytes.EMPTY, crypto, signer);
        return new MlsMessage(PublicMessage.protect(signed, Bytes.EMPTY, input -> Bytes.EMPTY));
    }
}
