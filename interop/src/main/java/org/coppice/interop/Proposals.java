package org.coppice.interop;

import org.coppice.interop.wire.ProposalDescription;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ResumptionPskUsage;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.RatchetTree;

/**
 * Makes proposals for one epoch of a group, by a member or from outside.
 *
 * @param context of that epoch
 * @param tree of that epoch
 * @param crypto of the group's suite
 */
record Proposals(GroupContext context, RatchetTree tree, SuiteCrypto crypto) {
    /**
     * What a description says.
     *
     * @throws IllegalArgumentException if its type is unknown
     */
    Proposal of(ProposalDescription description) throws MlsException {
        String type = description.getProposalType().toStringUtf8();
        return switch (type) {
            case "add" -> new Proposal.Add(Wire.keyPackage(description.getKeyPackage()));
            case "remove" -> remove(Wire.bytes(description.getRemovedId()));
            case "externalPSK" -> externalPsk(Wire.bytes(description.getPskId()));
            case "resumptionPSK" -> resumptionPsk(description.getEpochId());
            case "groupContextExtensions" ->
                new Proposal.GroupContextExtensions(Wire.extensions(description.getExtensionsList()));
            case "reinit" ->
                new Proposal.ReInit(
                        Wire.bytes(description.getGroupId()),
                        ProtocolVersion.MLS10,
                        new CipherSuite(description.getCipherSuite()),
                        Wire.extensions(description.getExtensionsList()));
            default -> throw new IllegalArgumentException("unknown type of proposal: " + type);
        };
    }

    Proposal remove(Bytes identity) {
        return new Proposal.Remove(leafOf(identity));
    }

    Proposal externalPsk(Bytes pskId) {
        return new Proposal.PreSharedKey(externalPskId(pskId));
    }

    PreSharedKeyId externalPskId(Bytes pskId) {
        return new PreSharedKeyId.External(pskId, nonce());
    }

    /** Of an epoch of the same group. */
    Proposal resumptionPsk(long epoch) {
        return new Proposal.PreSharedKey(
                new PreSharedKeyId.Resumption(ResumptionPskUsage.APPLICATION, context.groupId(), epoch, nonce()));
    }

    /**
     * The leaf of a member.
     *
     * @throws IllegalArgumentException if nobody has this identity
     */
    LeafIndex leafOf(Bytes identity) {
        Credential wanted = Credential.basic(identity);
        for (LeafIndex index : tree.members()) {
            if (tree.leaf(index).orElseThrow().credential().equals(wanted)) {
                return index;
            }
        }
        throw new IllegalArgumentException("no member has this identity");
    }

    private Bytes nonce() {
        return Bytes.wrap(crypto.randomness().bytes(crypto.hashLength()));
    }
}
