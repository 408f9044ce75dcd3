package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.error.DecodeException;

/**
 * The content of an occupied parent node as the tree keeps it: the encoding of a {@link ParentNode}, which takes a third of the
 * memory of the objects. The arrays are never changed.
 */
final class ParentContent {
    private static final long[] NONE = {};
    private static final DecodeLimits NO_LIMITS = new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE);

    private ParentContent() {}

    static byte[] encode(HpkePublicKey encryptionKey, Bytes parentHash) {
        int length = encryptionKey.data().length() + parentHash.length() + 9;
        return new TlsWriter(length)
                .struct(encryptionKey)
                .vector(parentHash)
                .length(0)
                .toByteArray();
    }

    static ParentNode decode(byte[] content) {
        Decoder<ParentNode> decoder = ParentNode::decode;
        try {
            return decoder.decodeAll(Bytes.wrap(content), NO_LIMITS);
        } catch (DecodeException e) {
            throw new AssertionError("was encoded or decoded here before", e);
        }
    }

    static Bytes encryptionKey(byte[] content) {
        return Slices.vector(content, 0);
    }

    static Bytes parentHash(byte[] content) {
        return Slices.vector(content, Slices.endOf(content, 0));
    }

    /** The unmerged leaves in increasing order; the caller may change the array unless it is empty. */
    static long[] unmerged(byte[] content) {
        int at = unmergedAt(content);
        int length = Slices.length(content, at);
        if (length == 0) {
            return NONE;
        }
        long[] out = new long[length / 4];
        int from = Slices.contentAt(content, at);
        for (int i = 0; i < out.length; i++, from += 4) {
            out[i] = (content[from] & 0xffL) << 24
                    | (content[from + 1] & 0xff) << 16
                    | (content[from + 2] & 0xff) << 8
                    | content[from + 3] & 0xff;
        }
        return out;
    }

    static boolean hasUnmerged(byte[] content) {
        return Slices.length(content, unmergedAt(content)) > 0;
    }

    /** The same with another list of unmerged leaves, which must be in increasing order. */
    static byte[] withUnmerged(byte[] content, long[] leaves) {
        int at = unmergedAt(content);
        TlsWriter out = new TlsWriter(at + 4 + 4 * leaves.length);
        out.raw(content, 0, at).length(Math.multiplyExact(4, leaves.length));
        for (long leaf : leaves) {
            out.uint32(leaf);
        }
        return out.toByteArray();
    }

    static List<LeafIndex> leaves(long[] indices) {
        List<LeafIndex> out = new ArrayList<>(indices.length);
        for (long index : indices) {
            out.add(new LeafIndex(index));
        }
        return out;
    }

    private static int unmergedAt(byte[] content) {
        return Slices.endOf(content, Slices.endOf(content, 0));
    }
}
