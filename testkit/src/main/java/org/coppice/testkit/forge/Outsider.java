package org.coppice.testkit.forge;

import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.epoch.GroupState;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.UpdatePath;

/**
 * A client outside a group who breaks rules: it signs external Commits and proposals with any content, knowing only what is public
 * of the group.
 *
 * @param client the client
 * @param state the group
 */
public record Outsider(MlsClient client, GroupState state) {
    /** An external Commit with these proposals by value and a path that has the right leaf and no nodes; its tag is random. */
    public MlsMessage externalCommit(LeafIndex leaf, Proposal... proposals) throws MlsException {
        HpkePublicKey key = client.crypto().generateHpkeKeyPair().publicKey();
        return externalCommit(path(leaf, key), proposals);
    }

    /** An external Commit with these proposals by value and this path; its tag is random. */
    public MlsMessage externalCommit(UpdatePath path, Proposal... proposals) throws MlsException {
        List<Commit.ProposalOrRef> entries = List.of(proposals).stream()
                .map(proposal -> (Commit.ProposalOrRef) new Commit.ByValue(proposal))
                .toList();
        return externalCommit(new Commit(entries, Optional.of(path)));
    }

    /** An external Commit with this content; its tag is random. */
    public MlsMessage externalCommit(Commit commit) throws MlsException {
        SuiteCrypto crypto = client.crypto();
        FramedContent framed = FramedContent.of(header(), new Sender.NewMemberCommit(), new Content.Commit(commit));
        AuthenticatedContent signed = AuthenticatedContent.sign(
                        WireFormat.PUBLIC_MESSAGE, framed, state.encodedContext(), crypto, client.signer())
                .withConfirmationTag(Bytes.wrap(crypto.randomness().bytes(crypto.hashLength())));
        return new MlsMessage(PublicMessage.protect(signed, state.encodedContext(), input -> Bytes.EMPTY));
    }

    /** An UpdatePath without nodes for {@code leaf}, with this encryption key. */
    public UpdatePath path(LeafIndex leaf, HpkePublicKey key) throws MlsException {
        LeafNode node = LeafNode.sign(
                new LeafNode.Content(
                        client.signer().publicKey(), client.credential(), client.capabilities(), Extensions.EMPTY),
                key,
                new LeafNodeSource.Commit(Bytes.EMPTY),
                new LeafNode.Position(state.groupId(), leaf),
                client.crypto(),
                client.signer());
        return new UpdatePath(node, List.of());
    }

    /** An ExternalInit whose kem_output is right in length only. */
    public Proposal.ExternalInit externalInit() {
        return new Proposal.ExternalInit(
                client.crypto().generateHpkeKeyPair().publicKey().data());
    }

    /** A proposal of any sender outside the group, for the present epoch. */
    public MlsMessage proposal(Sender sender, Proposal proposal) throws MlsException {
        return proposal(sender, proposal, header(), client.signer());
    }

    /** A proposal of any sender outside the group, signed without a GroupContext. */
    public MlsMessage proposal(Sender sender, Proposal proposal, FramedContent.Header header, Signer signer)
            throws MlsException {
        FramedContent framed = FramedContent.of(header, sender, new Content.Proposal(proposal));
        AuthenticatedContent signed =
                AuthenticatedContent.sign(WireFormat.PUBLIC_MESSAGE, framed, Bytes.EMPTY, client.crypto(), signer);
        return new MlsMessage(PublicMessage.protect(signed, Bytes.EMPTY, input -> Bytes.EMPTY));
    }

    /** The group, its present epoch and no authenticated data. */
    public FramedContent.Header header() {
        return new FramedContent.Header(state.groupId(), state.epoch(), Bytes.EMPTY);
    }
}
