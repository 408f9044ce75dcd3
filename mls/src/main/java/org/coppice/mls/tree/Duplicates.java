package org.coppice.mls.tree;

import java.util.Optional;
import java.util.TreeMap;
import org.coppice.mls.codec.Bytes;

/** Finds which key occurs twice, once it is known that one does. Takes time proportional to the tree. */
final class Duplicates {
    private Duplicates() {}

    /** The first leaf whose signature key an earlier one has. */
    static Optional<LeafIndex> signatureKey(TreeRoot tree) {
        // Ordered maps: their time does not depend on what an attacker made the hash codes of keys to be.
        TreeMap<Bytes, LeafIndex> seen = new TreeMap<>();
        LeafIndex[] out = new LeafIndex[1];
        Subtree.visitLeaves(tree.node(), tree.depth(), 0, (index, leaf) -> {
            if (seen.putIfAbsent(leaf.signatureKey().data(), index) != null && out[0] == null) {
                out[0] = index;
            }
        });
        return Optional.ofNullable(out[0]);
    }

    /** A node whose encryption key another one holds: the first leaf that shares one, or else the first such parent. */
    static Optional<NodeIndex> encryptionKey(TreeRoot tree) {
        TreeMap<Bytes, Long> seen = new TreeMap<>();
        long[] found = {-1, -1};
        Differences.find(TreeRoot.BLANK, tree, (node, before, content) -> {
            Bytes key = content instanceof LeafNode leaf
                    ? leaf.encryptionKey().data()
                    : ParentContent.encryptionKey((byte[]) content);
            Long other = seen.putIfAbsent(key, node);
            if (other != null) {
                note(found, node);
                note(found, other);
            }
        });
        long node = found[0] >= 0 ? found[0] : found[1];
        return node < 0 ? Optional.empty() : Optional.of(new NodeIndex(node));
    }

    private static void note(long[] found, long node) {
        int kind = (int) (node & 1);
        if (found[kind] < 0 || node < found[kind]) {
            found[kind] = node;
        }
    }
}
