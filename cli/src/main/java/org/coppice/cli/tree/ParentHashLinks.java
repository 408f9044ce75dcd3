package org.coppice.cli.tree;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;

/**
 * Which node below ties each parent node to the tree (RFC 9420 §7.9.2). The library's validator says whether all is well; a
 * picture needs to know which node it is, also in a tree where not all is well.
 */
final class ParentHashLinks {
    private final RatchetTree tree;
    private final SuiteCrypto crypto;
    private final Function<List<LeafIndex>, NavigableSet<LeafIndex>> sets;

    private ParentHashLinks(
            RatchetTree tree, SuiteCrypto crypto, Function<List<LeafIndex>, NavigableSet<LeafIndex>> sets) {
        this.tree = tree;
        this.crypto = crypto;
        this.sets = sets;
    }

    /** For each occupied parent the node that holds its parent hash; a parent that none holds is missing. */
    static Map<NodeIndex, NodeIndex> of(RatchetTree tree, SuiteCrypto crypto) {
        return of(tree, crypto, TreeSet::new);
    }

    /** @param sets makes a set of a parent's unmerged leaves, which may count what is asked of it: long lists are what costs here */
    static Map<NodeIndex, NodeIndex> of(
            RatchetTree tree, SuiteCrypto crypto, Function<List<LeafIndex>, NavigableSet<LeafIndex>> sets) {
        ParentHashLinks links = new ParentHashLinks(tree, crypto, sets);
        Map<NodeIndex, NodeIndex> out = new HashMap<>();
        for (long i = 1; i < TreeMath.nodeCount(tree.size()); i += 2) {
            NodeIndex node = new NodeIndex(i);
            tree.parent(node).flatMap(parent -> links.below(node, parent)).ifPresent(link -> out.put(node, link));
        }
        return out;
    }

    private Optional<NodeIndex> below(NodeIndex node, ParentNode parent) {
        NodeIndex left = TreeMath.left(node).orElseThrow();
        NodeIndex right = TreeMath.right(node).orElseThrow();
        NavigableSet<LeafIndex> unmerged = sets.apply(parent.unmergedLeaves());
        return holder(left, parent, original(right, unmerged))
                .or(() -> holder(right, parent, original(left, unmerged)));
    }

    /** The node of a child's resolution that holds the parent's hash. */
    private Optional<NodeIndex> holder(NodeIndex child, ParentNode parent, Bytes originalSiblingTreeHash) {
        Bytes hash = crypto.hash(new TlsWriter()
                .struct(parent.encryptionKey())
                .vector(parent.parentHash())
                .vector(originalSiblingTreeHash));
        return tree.resolution(child).stream()
                .filter(node -> parentHash(node).equals(Optional.of(hash)))
                .findFirst();
    }

    private Optional<Bytes> parentHash(NodeIndex node) {
        if (!node.isLeaf()) {
            return tree.parent(node).map(ParentNode::parentHash);
        }
        return tree.leaf(node.toLeafIndex())
                .map(LeafNode::source)
                .filter(source -> source instanceof LeafNodeSource.Commit)
                .map(source -> ((LeafNodeSource.Commit) source).parentHash());
    }

    /** The tree hash of a subtree as it was before these leaves were added (§7.9). */
    private Bytes original(NodeIndex node, NavigableSet<LeafIndex> without) {
        if (below(node, without).isEmpty()) {
            return tree.treeHash(node);
        }
        TlsWriter out = new TlsWriter();
        if (node.isLeaf()) {
            return crypto.hash(out.uint8(1).struct(node.toLeafIndex()).uint8(0));
        }
        Optional<ParentNode> parent = tree.parent(node).map(present -> without(present, without));
        return crypto.hash(out.uint8(2)
                .optional(parent)
                .vector(original(TreeMath.left(node).orElseThrow(), without))
                .vector(original(TreeMath.right(node).orElseThrow(), without)));
    }

    /** Those below a node, without a look at the others: a parent may list thousands. */
    private static NavigableSet<LeafIndex> below(NodeIndex node, NavigableSet<LeafIndex> leaves) {
        long width = 1L << TreeMath.level(node);
        long first = (node.value() - width + 1) / 2;
        return leaves.subSet(new LeafIndex(first), true, new LeafIndex(first + width - 1), true);
    }

    private static ParentNode without(ParentNode parent, NavigableSet<LeafIndex> leaves) {
        List<LeafIndex> rest = parent.unmergedLeaves().stream()
                .filter(leaf -> !leaves.contains(leaf))
                .toList();
        return new ParentNode(parent.encryptionKey(), parent.parentHash(), rest);
    }
}
