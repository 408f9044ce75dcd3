package org.coppice.mls.message;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;

/**
 * Names a proposal by the hash of the AuthenticatedContent that carried it (RFC 9420 §5.2).
 *
 * @param hash the hash
 */
public record ProposalRef(Bytes hash) implements Encodable, Comparable<ProposalRef> {
    private static final String LABEL = "MLS 1.0 Proposal Reference";

    /** Checks that nothing is missing. */
    public ProposalRef {
        Objects.requireNonNull(hash, "hash");
    }

    /** The reference of an encoded AuthenticatedContent. */
    public static ProposalRef of(Bytes authenticatedContent, SuiteCrypto crypto) {
        return new ProposalRef(crypto.refHash(LABEL, authenticatedContent));
    }

    /** Reads {@code ProposalRef}. */
    public static ProposalRef decode(TlsReader in) throws DecodeException {
        return new ProposalRef(in.vector());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.vector(hash);
    }

    @Override
    public int compareTo(ProposalRef other) {
        return hash.compareTo(other.hash);
    }
}
