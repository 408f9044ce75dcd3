package org.coppice.mls.epoch;

import java.util.Objects;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;

/**
 * A member of a group in one epoch.
 *
 * @param leafIndex its leaf, which names it in this epoch only (RFC 9420 §5.3.3)
 * @param leafNode what the leaf holds
 */
public record Member(LeafIndex leafIndex, LeafNode leafNode) {
    /** Checks that nothing is missing. */
    public Member {
        Objects.requireNonNull(leafIndex, "leafIndex");
        Objects.requireNonNull(leafNode, "leafNode");
    }

    /** Who it is. */
    public Credential credential() {
        return leafNode.credential();
    }
}
