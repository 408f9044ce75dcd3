package org.coppice.mls.group;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;

/** How a cached proposal is stored: sender, reference (optional), proposal. */
final class StoredProposal {
    private StoredProposal() {}

    static byte[] encode(ResolvedProposal proposal) {
        TlsWriter out = new TlsWriter();
        write(proposal, out);
        return out.toByteArray();
    }

    static void write(ResolvedProposal proposal, TlsWriter out) {
        out.struct(proposal.sender()).optional(proposal.ref()).struct(proposal.proposal());
    }

    static ResolvedProposal decode(byte[] stored) throws DecodeException {
        TlsReader in = new TlsReader(Bytes.copyOf(stored), DecodeLimits.DEFAULT);
        ResolvedProposal out = read(in);
        in.expectEnd();
        return out;
    }

    static ResolvedProposal read(TlsReader in) throws DecodeException {
        Sender sender = Sender.decode(in);
        Optional<ProposalRef> ref = in.optional(ProposalRef::decode);
        return new ResolvedProposal(Proposal.decode(in), sender, ref);
    }
}
