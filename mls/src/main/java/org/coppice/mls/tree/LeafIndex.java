package org.coppice.mls.tree;

import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * The position of a leaf, counted from the left (RFC 9420 §4.1.1). It names a member within one epoch only (§5.3.3).
 *
 * @param value a uint32
 */
public record LeafIndex(long value) implements Encodable, Comparable<LeafIndex> {
    /** Checks that the number is a uint32. */
    public LeafIndex {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new IllegalArgumentException(value + " is no uint32");
        }
    }

    /** Reads a leaf index, which may lie outside any tree. */
    public static LeafIndex decode(TlsReader in) throws DecodeException {
        return new LeafIndex(in.uint32());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint32(value);
    }

    /** The same leaf counted among all nodes (RFC 9420 appendix C). */
    public NodeIndex toNodeIndex() {
        return new NodeIndex(2 * value);
    }

    @Override
    public int compareTo(LeafIndex other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
