package org.coppice.mls.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;

/**
 * The public side of a ratchet tree (RFC 9420 §4, §7): an immutable value. A change gives a new tree, which shares all but
 * O(log n) nodes with the old one, so that both cost little more than one.
 *
 * <p>Tree hashes, keys and members' support are derived when first asked for and kept with the nodes that they belong to. Thread
 * safe: threads that ask at the same time may do the same work twice, with the same result.
 *
 * <p>Nothing here judges the content: {@link TreeValidator} and {@link LeafNodeValidator} do. A tree that comes from a peer is
 * validated before it is changed.
 */
public final class RatchetTree implements Encodable {
    private final TreeRoot tree;
    private final SuiteCrypto crypto;
    private final KeyLookup keys;
    private Bytes hash;
    private MemberSupport support;

    private RatchetTree(TreeRoot tree, SuiteCrypto crypto, KeyLookup keys) {
        this.tree = tree;
        this.crypto = crypto;
        this.keys = keys;
    }

    private static RatchetTree of(TreeRoot tree, SuiteCrypto crypto) {
        return new RatchetTree(tree, Objects.requireNonNull(crypto, "crypto"), KeyLookup.of(tree, crypto));
    }

    /** The tree of a new group, with its creator alone (RFC 9420 §11). */
    public static RatchetTree of(LeafNode leaf, SuiteCrypto crypto) {
        return of(new TreeRoot(Objects.requireNonNull(leaf, "leaf"), 0), crypto);
    }

    /**
     * Reads {@code optional<Node> ratchet_tree<V>} (RFC 9420 §12.4.3.3). Only the form is checked. The tree does not keep the
     * reader's bytes.
     *
     * @throws DecodeException if the bytes are no encoding of a tree, if its last node is blank, or if a node's type does not fit
     *     its position
     */
    public static RatchetTree decode(TlsReader in, SuiteCrypto crypto) throws DecodeException {
        return of(TreeCodec.decode(in), crypto);
    }

    /**
     * A tree from stored nodes; all others are blank.
     *
     * @param size how many leaves the tree has
     * @throws IllegalArgumentException if that is no power of two from 1 to 2^32, or if a node is outside the tree or of the
     *     wrong type for its position
     */
    public static RatchetTree fromNodes(long size, SortedMap<NodeIndex, TreeNode> nodes, SuiteCrypto crypto) {
        return of(TreeCodec.fromNodes(size, nodes), crypto);
    }

    @Override
    public void encodeTo(TlsWriter out) {
        TreeCodec.encode(tree, out);
    }

    // ---- nodes

    /** How many leaves there are, blank ones included: a power of two. */
    public long size() {
        return tree.size();
    }

    /** How many leaves are occupied. */
    public int memberCount() {
        return Subtree.members(tree.node());
    }

    /** The topmost node. */
    public NodeIndex root() {
        return TreeMath.root(size());
    }

    /** The leaf at an index; empty if it is blank or outside the tree. */
    public Optional<LeafNode> leaf(LeafIndex index) {
        return tree.leaf(index);
    }

    /** The content of a parent node; empty if it is blank, outside the tree, or a leaf. */
    public Optional<ParentNode> parent(NodeIndex index) {
        return tree.parent(index).map(ParentContent::decode);
    }

    /** The public key of a node; empty if it is blank or outside the tree. */
    public Optional<HpkePublicKey> encryptionKey(NodeIndex index) {
        return tree.encryptionKey(index).map(HpkePublicKey::new);
    }

    /** Hands all occupied leaves to {@code out}, from left to right. */
    public void forEachLeaf(BiConsumer<LeafIndex, LeafNode> out) {
        Subtree.visitLeaves(tree.node(), tree.depth(), 0, out);
    }

    /** The indices of the occupied leaves, from left to right. */
    public List<LeafIndex> members() {
        List<LeafIndex> out = new ArrayList<>(memberCount());
        forEachLeaf((index, leaf) -> out.add(index));
        return List.copyOf(out);
    }

    // ---- paths

    /**
     * The resolution of a node, in order: the nodes whose keys together reach all members below it (RFC 9420 §4.1.1).
     *
     * @throws IllegalArgumentException if the node is outside the tree
     */
    public List<NodeIndex> resolution(NodeIndex node) {
        return tree.resolution(node);
    }

    /**
     * The ancestors of a node from its parent to the root (RFC 9420 §4.1.2).
     *
     * @throws IllegalArgumentException if the node is outside the tree
     */
    public List<NodeIndex> directPath(NodeIndex node) {
        return TreeMath.directPath(node, size());
    }

    /**
     * The siblings of a node and of its ancestors, from below (RFC 9420 §4.1.2).
     *
     * @throws IllegalArgumentException if the node is outside the tree
     */
    public List<NodeIndex> copath(NodeIndex node) {
        return TreeMath.copath(node, size());
    }

    /**
     * The ancestors of a leaf, without those that have nobody below their other child (RFC 9420 §4.1.2).
     *
     * @throws IllegalArgumentException if the leaf is outside the tree
     */
    public List<NodeIndex> filteredDirectPath(LeafIndex leaf) {
        tree.at(leaf.toNodeIndex());
        SenderPath path = SenderPath.of(tree, leaf.value());
        List<NodeIndex> out = new ArrayList<>();
        for (int level : path.filtered()) {
            out.add(path.node(level));
        }
        return List.copyOf(out);
    }

    // ---- hashes

    /** The tree hash of the whole tree (RFC 9420 §7.8). */
    public Bytes treeHash() {
        Bytes known = hash;
        if (known == null) {
            known = new TreeHasher(crypto).hash(tree.node(), tree.depth(), 0);
            hash = known;
        }
        return known;
    }

    /**
     * The tree hash of the subtree at a node (RFC 9420 §7.8).
     *
     * @throws IllegalArgumentException if the node is outside the tree
     */
    public Bytes treeHash(NodeIndex node) {
        return new TreeHasher(crypto).hash(tree.at(node), TreeMath.level(node), TreeMath.firstLeaf(node.value()));
    }

    // ---- changes

    /**
     * Replaces a member's leaf and blanks its ancestors (RFC 9420 §12.1.2).
     *
     * @throws IllegalArgumentException if the leaf is blank or outside the tree
     */
    public RatchetTree update(LeafIndex index, LeafNode leaf) {
        requireMember(index);
        Objects.requireNonNull(leaf, "leaf");
        return with(TreeEdits.withLeaf(tree, index.value(), leaf));
    }

    /**
     * Blanks a member's leaf and its ancestors, and halves the tree while nobody is in its right half (RFC 9420 §12.1.3).
     *
     * @throws IllegalArgumentException if the leaf is blank or outside the tree
     */
    public RatchetTree remove(LeafIndex index) {
        requireMember(index);
        return with(TreeEdits.withLeaf(tree, index.value(), Subtree.blank(0)).truncated());
    }

    /** Where the next member goes: the leftmost blank leaf, or the first of an extended tree, which is {@link #size()}. */
    public LeafIndex nextFreeLeaf() {
        return new LeafIndex(tree.firstBlank());
    }

    /**
     * A tree with a member more, and where it is.
     *
     * @param tree the new tree
     * @param index the new member's leaf
     */
    public record Added(RatchetTree tree, LeafIndex index) {
        /** Checks that nothing is missing. */
        public Added {
            Objects.requireNonNull(tree, "tree");
            Objects.requireNonNull(index, "index");
        }
    }

    /** Puts a new member at {@link #nextFreeLeaf()}, unmerged at all occupied nodes above (RFC 9420 §12.1.1). */
    public Added add(LeafNode leaf) {
        AddedAll out = addAll(List.of(leaf));
        return new Added(out.tree, out.indices.get(0));
    }

    /**
     * A tree with more members, and where they are.
     *
     * @param tree the new tree
     * @param indices the new members' leaves, in the order in which they were given
     */
    public record AddedAll(RatchetTree tree, List<LeafIndex> indices) {
        /** Copies the list. */
        public AddedAll {
            Objects.requireNonNull(tree, "tree");
            indices = List.copyOf(indices);
        }
    }

    /** Adds new members in order, as {@link #add} would one after the other, in one walk over the tree. */
    public AddedAll addAll(List<LeafNode> leaves) {
        TreeEdits.Filler filler = new TreeEdits.Filler(List.copyOf(leaves).iterator());
        RatchetTree out = with(filler.fill(tree));
        return new AddedAll(out, filler.placed());
    }

    private RatchetTree with(TreeRoot changed) {
        return new RatchetTree(changed, crypto, keys.with(changed));
    }

    /** This tree with the result of a path in place of a leaf and its ancestors, extended as far as the leaf needs. */
    RatchetTree withPath(SenderPath path, LeafNode leaf, byte[][] contents) {
        return with(TreeEdits.withPath(path.tree(), path.leaf(), leaf, contents));
    }

    // ---- keys and support

    /** Whether a node of the tree holds this encryption key. */
    public boolean containsEncryptionKey(HpkePublicKey key) {
        return keys.containsEncryption(key.data());
    }

    /** The member with this encryption key; the first if several have it. */
    public Optional<LeafIndex> leafWithEncryptionKey(HpkePublicKey key) {
        return keys.leafWithEncryption(key.data());
    }

    /** The member with this signature key; the first if several have it. */
    public Optional<LeafIndex> leafWithSignatureKey(SignaturePublicKey key) {
        return keys.leafWithSignature(key.data());
    }

    /** A member whose signature key another one has as well; empty, at once, if all are distinct. */
    public Optional<LeafIndex> duplicateSignatureKey() {
        return keys.duplicateSignature();
    }

    /** A member whose encryption key another node holds as well; empty, at once, if all keys of the tree are distinct. */
    public Optional<LeafIndex> duplicateEncryptionKey() {
        return duplicateNode().filter(NodeIndex::isLeaf).map(NodeIndex::toLeafIndex);
    }

    /** A node whose encryption key another one holds as well, a leaf if there is one such. */
    Optional<NodeIndex> duplicateNode() {
        return keys.duplicateEncryption();
    }

    /** What all members support together. */
    public MemberSupport support() {
        MemberSupport known = support;
        if (known == null) {
            known = MemberSupport.of(tree.node());
            support = known;
        }
        return known;
    }

    // ---- storage

    /** What has to be written where {@code older} is stored, in time proportional to the changes times log n. */
    public TreeDiff diff(RatchetTree older) {
        return TreeCodec.diff(older.tree, tree);
    }

    /**
     * The tree that {@code newer.diff(this)} was made from.
     *
     * @throws IllegalArgumentException if the difference does not fit a tree of its size
     */
    public RatchetTree apply(TreeDiff diff) {
        return with(TreeCodec.apply(diff, tree));
    }

    // ---- for this package

    SuiteCrypto crypto() {
        return crypto;
    }

    TreeRoot version() {
        return tree;
    }

    private void requireMember(LeafIndex index) {
        if (leaf(index).isEmpty()) {
            throw new IllegalArgumentException("leaf " + index + " is blank or outside the tree");
        }
    }

    /** Equal nodes at equal places, compared in time proportional to what is not shared. */
    @Override
    public boolean equals(Object o) {
        return this == o
                || o instanceof RatchetTree other
                        && size() == other.size()
                        && diff(other).isEmpty();
    }

    @Override
    public int hashCode() {
        return treeHash().hashCode();
    }

    @Override
    public String toString() {
        return "RatchetTree[" + memberCount() + " members, " + size() + " leaves]";
    }
}
