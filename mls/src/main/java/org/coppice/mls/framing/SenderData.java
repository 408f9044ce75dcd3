package org.coppice.mls.framing;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.tree.LeafIndex;

/**
 * Who sent a PrivateMessage and which key it used (RFC 9420 §6.3.2).
 *
 * @param leafIndex the sender's leaf, which may lie outside the tree
 * @param generation the step of the sender's ratchet, uint32
 * @param reuseGuard four random bytes that change the nonce, so that a state restored from a copy repeats none
 */
public record SenderData(LeafIndex leafIndex, long generation, Bytes reuseGuard) implements Encodable {
    /** The length of the reuse guard in bytes. */
    public static final int REUSE_GUARD_LENGTH = 4;

    /** Checks that nothing is missing. */
    public SenderData {
        Objects.requireNonNull(leafIndex, "leafIndex");
        Objects.requireNonNull(reuseGuard, "reuseGuard");
    }

    /** Reads {@code SenderData}. */
    public static SenderData decode(TlsReader in) throws DecodeException {
        return new SenderData(LeafIndex.decode(in), in.uint32(), in.raw(REUSE_GUARD_LENGTH));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(leafIndex).uint32(generation).raw(reuseGuard);
    }

    /** The ratchet's nonce with the guard mixed into its first four bytes, in a new array (RFC 9420 §6.3.1). */
    byte[] guard(byte[] nonce) {
        for (int i = 0; i < REUSE_GUARD_LENGTH; i++) {
            nonce[i] ^= reuseGuard.at(i);
        }
        return nonce;
    }
}
