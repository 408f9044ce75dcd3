package org.coppice.mls.message;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.tree.UpdatePath;

/**
 * Carries out proposals and begins a new epoch (RFC 9420 §12.4).
 *
 * @param proposals by value or by reference, in order
 * @param path new keys of the committer, unless left out
 */
public record Commit(List<ProposalOrRef> proposals, Optional<UpdatePath> path) implements Encodable {
    /** Copies the list. */
    public Commit {
        proposals = List.copyOf(proposals);
        Objects.requireNonNull(path, "path");
    }

    /** Reads {@code Commit}. */
    public static Commit decode(TlsReader in) throws DecodeException {
        return new Commit(in.list(ProposalOrRef::decode), in.optional(UpdatePath::decode));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.list(proposals).optional(path);
    }

    /** A proposal, or the name of one that was sent before. */
    public sealed interface ProposalOrRef extends Encodable {
        /** Reads {@code ProposalOrRef}. */
        static ProposalOrRef decode(TlsReader in) throws DecodeException {
            int tag = in.uint8();
            return switch (tag) {
                case 1 -> new ByValue(Proposal.decode(in));
                case 2 -> new ByReference(ProposalRef.decode(in));
                default -> throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "ProposalOrRefType " + tag);
            };
        }
    }

    /**
     * A proposal of the committer itself.
     *
     * @param proposal the proposal
     */
    public record ByValue(Proposal proposal) implements ProposalOrRef {
        /** Checks that nothing is missing. */
        public ByValue {
            Objects.requireNonNull(proposal, "proposal");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).struct(proposal);
        }
    }

    /**
     * A proposal that was sent before.
     *
     * @param ref its name
     */
    public record ByReference(ProposalRef ref) implements ProposalOrRef {
        /** Checks that nothing is missing. */
        public ByReference {
            Objects.requireNonNull(ref, "ref");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).struct(ref);
        }
    }
}
