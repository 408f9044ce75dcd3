package org.coppice.mls.tree;

import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** An occupied node of the tree, as it is sent in a ratchet_tree extension and stored (Node, RFC 9420 §12.4.3.3). */
public sealed interface TreeNode extends Encodable {
    /** Reads {@code Node}. */
    static TreeNode decode(TlsReader in) throws DecodeException {
        int type = in.uint8();
        return switch (type) {
            case 1 -> new Leaf(LeafNode.decode(in));
            case 2 -> new Parent(ParentNode.decode(in));
            default -> throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "node_type " + type);
        };
    }

    /**
     * A leaf.
     *
     * @param leafNode its content
     */
    record Leaf(LeafNode leafNode) implements TreeNode {
        /** Checks that nothing is missing. */
        public Leaf {
            Objects.requireNonNull(leafNode, "leafNode");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(1).struct(leafNode);
        }
    }

    /**
     * A parent.
     *
     * @param parentNode its content
     */
    record Parent(ParentNode parentNode) implements TreeNode {
        /** Checks that nothing is missing. */
        public Parent {
            Objects.requireNonNull(parentNode, "parentNode");
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint8(2).struct(parentNode);
        }
    }
}
