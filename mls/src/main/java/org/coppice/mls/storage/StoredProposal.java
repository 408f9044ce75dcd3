package org.coppice.mls.storage;

import java.util.Optional;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.epoch.ResolvedProposal;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;

/**
 * How a cached proposal is stored: its place, then sender, reference (optional), proposal.
 *
 * @param order its place among the proposals of its epoch
 */
public record StoredProposal(long order, ResolvedProposal proposal) {
    public static byte[] encode(ResolvedProposal proposal, long order) {
        TlsWriter out = new TlsWriter();
        write(proposal, out.uint64(order));
        return out.toByteArray();
    }

    public static StoredProposal decode(byte[] stored) throws DecodeException {
        TlsReader in = PublicRecords.reader(stored);
        long order = in.uint64();
        StoredProposal out = new StoredProposal(order, read(in));
        if (out.proposal.ref().isEmpty()) {
            throw in.error(Rule.STORED_STATE, "a proposal without its reference");
        }
        in.expectEnd();
        return out;
    }

    public static void write(ResolvedProposal proposal, TlsWriter out) {
        out.struct(proposal.sender()).optional(proposal.ref()).struct(proposal.proposal());
    }

    public static ResolvedProposal read(TlsReader in) throws DecodeException {
        Sender sender = Sender.decode(in);
        Optional<ProposalRef> ref = in.optional(ProposalRef::decode);
        return new ResolvedProposal(Proposal.decode(in), sender, ref);
    }
}
