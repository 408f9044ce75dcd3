package org.coppice.mls.tree;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/**
 * The content of an occupied parent node (RFC 9420 §7.1).
 *
 * @param encryptionKey a key whose private half the members below hold, but for the unmerged ones
 * @param parentHash binds this node to those above it; empty at the root
 * @param unmergedLeaves leaves below that do not hold the private key, in strictly increasing order
 */
public record ParentNode(HpkePublicKey encryptionKey, Bytes parentHash, List<LeafIndex> unmergedLeaves)
        implements Encodable {
    /** Copies the list; throws {@link IllegalArgumentException} if it is not in strictly increasing order. */
    public ParentNode {
        Objects.requireNonNull(encryptionKey, "encryptionKey");
        Objects.requireNonNull(parentHash, "parentHash");
        unmergedLeaves = List.copyOf(unmergedLeaves);
        if (!isIncreasing(unmergedLeaves)) {
            throw new IllegalArgumentException("unmerged leaves must be in strictly increasing order");
        }
    }

    /** Reads {@code ParentNode}. */
    public static ParentNode decode(TlsReader in) throws DecodeException {
        HpkePublicKey encryptionKey = HpkePublicKey.decode(in);
        Bytes parentHash = in.vector();
        int start = in.offset();
        List<LeafIndex> unmergedLeaves = in.list(LeafIndex::decode);
        if (!isIncreasing(unmergedLeaves)) {
            throw new DecodeException(
                    Rule.UNMERGED_LEAVES_ORDER, start, "unmerged leaves that are not in strictly increasing order");
        }
        return new ParentNode(encryptionKey, parentHash, unmergedLeaves);
    }

    private static boolean isIncreasing(List<LeafIndex> leaves) {
        for (int i = 1; i < leaves.size(); i++) {
            if (leaves.get(i - 1).compareTo(leaves.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(encryptionKey).vector(parentHash).list(unmergedLeaves);
    }
}
