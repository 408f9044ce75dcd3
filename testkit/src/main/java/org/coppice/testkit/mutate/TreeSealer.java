package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Signer;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;
import org.coppice.mls.tree.TreeNode;

/**
 * Makes the leaves' signatures and the parent hashes of a changed ratchet tree right again (RFC 9420 §7.9), as its members together
 * could. Which node below is tied to which parent is taken from the genuine tree.
 */
final class TreeSealer {
    private final SuiteCrypto crypto;
    private final KeyRing ring;
    private final Bytes groupId;
    private final Map<NodeIndex, NodeIndex> tied = new HashMap<>();
    private final Signer otherwise;

    /**
     * @param genuine the tree as it was
     * @param otherwise signs leaves whose key is nobody's
     */
    TreeSealer(RatchetTree genuine, Bytes groupId, KeyRing ring, SuiteCrypto crypto, Signer otherwise) {
        this.crypto = crypto;
        this.ring = ring;
        this.groupId = groupId;
        this.otherwise = otherwise;
        View view = View.of(genuine);
        for (long node = 1; node < TreeMath.nodeCount(genuine.size()); node += 2) {
            NodeIndex parent = new NodeIndex(node);
            if (view.nodes.containsKey(parent)) {
                findTied(view, parent);
            }
        }
    }

    private void findTied(View view, NodeIndex parent) {
        for (NodeIndex child : children(parent)) {
            Bytes expected =
                    view.hashOf(parent, TreeMath.sibling(child, view.size).orElseThrow(), crypto);
            for (NodeIndex node : view.tree(Set.of(), crypto).resolution(child)) {
                if (view.parentHash(node).equals(Optional.of(expected))) {
                    tied.put(parent, node);
                }
            }
        }
    }

    private static List<NodeIndex> children(NodeIndex parent) {
        return List.of(
                TreeMath.left(parent).orElseThrow(), TreeMath.right(parent).orElseThrow());
    }

    /** The nodes, as positions in the tree, by whose parent hashes the genuine tree's parents are known to be right. */
    Set<String> tied() {
        return tied.values().stream().map(node -> Long.toString(node.value())).collect(Collectors.toSet());
    }

    /**
     * Signs and ties what follows from a change.
     *
     * @param list the changed tree
     * @param newGroupId what the leaves of source update and commit are signed for
     */
    void seal(Field list, Bytes newGroupId) throws CryptoException {
        boolean moved = !newGroupId.equals(groupId);
        if (!moved && !list.isTouched()) {
            return;
        }
        for (int i = 0; i < list.parts().size(); i++) {
            Field node = list.parts().get(i);
            if (i % 2 == 0 && (moved || node.isTouched())) {
                sign(node, i, newGroupId);
            }
        }
        try {
            View view = View.of(list);
            tie(list, TreeMath.root(view.size), newGroupId);
        } catch (DecodeException | IllegalArgumentException e) {
            return; // no tree any more: the receiver's decoder will say so
        }
    }

    private void sign(Field node, int index, Bytes newGroupId) throws CryptoException {
        Optional<Field> leaf = node.find("value/node")
                .filter(some -> some.find("leaf_node_source").isPresent());
        // What is signed without a position stays as it is, because not all signatures are the same when made again.
        boolean stays = leaf.isPresent() && leaf.get().get("leaf_node_source").number() == 1 && !node.isTouched();
        if (leaf.isPresent() && !stays) {
            ring.signLeaf(leaf.get(), new KeyRing.Position(newGroupId, index / 2), otherwise);
        }
    }

    /** Ties the nodes below {@code node}, whose own parent hash is right already. */
    private void tie(Field list, NodeIndex node, Bytes newGroupId) throws CryptoException, DecodeException {
        if (node.isLeaf()) {
            return;
        }
        NodeIndex below = tied.get(node);
        View view = View.of(list);
        if (below == null || !view.nodes.containsKey(node) || !view.nodes.containsKey(below)) {
            for (NodeIndex child : children(node)) {
                tie(list, child, newGroupId);
            }
            return;
        }
        boolean left = below.value() < node.value();
        NodeIndex child = children(node).get(left ? 0 : 1);
        NodeIndex sibling = children(node).get(left ? 1 : 0);
        // What is beside the path comes first, because the hash covers it.
        tie(list, sibling, newGroupId);
        Bytes hash = View.of(list).hashOf(node, sibling, crypto);
        Field holder = list.parts().get(Math.toIntExact(below.value()));
        Optional<Field> own = holder.find(below.isLeaf() ? "value/node/source" : "value/node/parent_hash");
        if (own.isPresent() && own.get().kind() == Field.Kind.OPAQUE) {
            own.get().derive(hash);
            if (below.isLeaf()) {
                sign(holder, Math.toIntExact(below.value()), newGroupId);
            }
        }
        tie(list, child, newGroupId);
    }

    /** The nodes of a tree that is being changed. */
    private record View(long size, TreeMap<NodeIndex, TreeNode> nodes) {
        static View of(RatchetTree tree) {
            TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
            for (long node = 0; node < TreeMath.nodeCount(tree.size()); node++) {
                NodeIndex index = new NodeIndex(node);
                if (index.isLeaf()) {
                    tree.leaf(index.toLeafIndex()).ifPresent(leaf -> nodes.put(index, new TreeNode.Leaf(leaf)));
                } else {
                    tree.parent(index).ifPresent(parent -> nodes.put(index, new TreeNode.Parent(parent)));
                }
            }
            return new View(tree.size(), nodes);
        }

        static View of(Field list) throws DecodeException {
            TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
            Decoder<TreeNode> decoder = TreeNode::decode;
            for (int i = 0; i < list.parts().size(); i++) {
                Optional<Field> value = list.parts().get(i).find("value");
                if (value.isPresent()) {
                    TreeNode node = decoder.decodeAll(value.get().encoded(), DecodeLimits.DEFAULT);
                    if (node instanceof TreeNode.Leaf != (i % 2 == 0)) {
                        throw new IllegalArgumentException("node " + i + " is of the other type");
                    }
                    nodes.put(new NodeIndex(i), node);
                }
            }
            long leaves =
                    Math.max(1, Long.highestOneBit(Math.max(1, list.parts().size() - 1L)));
            return new View(leaves, nodes);
        }

        RatchetTree tree(Set<LeafIndex> without, SuiteCrypto crypto) {
            TreeMap<NodeIndex, TreeNode> kept = new TreeMap<>();
            nodes.forEach((index, node) -> {
                if (node instanceof TreeNode.Parent parent) {
                    kept.put(index, new TreeNode.Parent(without(parent.parentNode(), without)));
                } else if (!without.contains(index.toLeafIndex())) {
                    kept.put(index, node);
                }
            });
            return RatchetTree.fromNodes(size, kept, crypto);
        }

        private static ParentNode without(ParentNode node, Set<LeafIndex> leaves) {
            List<LeafIndex> unmerged = new ArrayList<>(node.unmergedLeaves());
            unmerged.removeAll(leaves);
            return new ParentNode(node.encryptionKey(), node.parentHash(), unmerged);
        }

        /** The parent hash that the node tied to {@code parent} on the other side of {@code sibling} holds. */
        Bytes hashOf(NodeIndex parent, NodeIndex sibling, SuiteCrypto crypto) {
            ParentNode node = ((TreeNode.Parent) nodes.get(parent)).parentNode();
            Bytes original = tree(new HashSet<>(node.unmergedLeaves()), crypto).treeHash(sibling);
            return crypto.hash(new TlsWriter()
                    .struct(node.encryptionKey())
                    .vector(node.parentHash())
                    .vector(original));
        }

        Optional<Bytes> parentHash(NodeIndex index) {
            TreeNode node = nodes.get(index);
            if (node instanceof TreeNode.Parent parent) {
                return Optional.of(parent.parentNode().parentHash());
            }
            return ((TreeNode.Leaf) node).leafNode().source() instanceof LeafNodeSource.Commit commit
                    ? Optional.of(commit.parentHash())
                    : Optional.empty();
        }
    }
}
