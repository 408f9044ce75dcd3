package org.coppice.delivery.api;

import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * What an entry of kind {@link EntryKind#VOID} holds.
 *
 * @param seq the entry of the Commit that counts no longer
 */
public record VoidedCommit(long seq) implements Encodable {
    /** Checks that the number is not negative. */
    public VoidedCommit {
        Nested.checkNotNegative(seq, "seq");
    }

    /** Reads {@code uint64 seq}. */
    public static VoidedCommit decode(TlsReader in) throws DecodeException {
        return new VoidedCommit(Nested.positive(in, "a sequence number"));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint64(seq);
    }
}
