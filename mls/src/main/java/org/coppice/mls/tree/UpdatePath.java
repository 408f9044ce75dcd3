package org.coppice.mls.tree;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.error.DecodeException;

/**
 * The new keys of a committer's leaf and filtered direct path, with the path secrets encrypted to the rest of the group
 * (RFC 9420 §7.6).
 *
 * @param leafNode the committer's new leaf, of source commit
 * @param nodes the nodes of the filtered direct path, from the leaf up
 */
public record UpdatePath(LeafNode leafNode, List<Node> nodes) implements Encodable {
    /** Copies the list. */
    public UpdatePath {
        Objects.requireNonNull(leafNode, "leafNode");
        nodes = List.copyOf(nodes);
    }

    /**
     * One node of the path (UpdatePathNode).
     *
     * @param encryptionKey its new public key
     * @param encryptedPathSecret its path secret, once for each node of the copath child's resolution
     */
    public record Node(HpkePublicKey encryptionKey, List<HpkeCiphertext> encryptedPathSecret) implements Encodable {
        /** Copies the list. */
        public Node {
            Objects.requireNonNull(encryptionKey, "encryptionKey");
            encryptedPathSecret = List.copyOf(encryptedPathSecret);
        }

        /** Reads {@code UpdatePathNode}. */
        public static Node decode(TlsReader in) throws DecodeException {
            return new Node(HpkePublicKey.decode(in), in.list(HpkeCiphertext::decode));
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(encryptionKey).list(encryptedPathSecret);
        }
    }

    /** Reads {@code UpdatePath}. */
    public static UpdatePath decode(TlsReader in) throws DecodeException {
        return new UpdatePath(LeafNode.decode(in), in.list(Node::decode));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(leafNode).list(nodes);
    }
}
