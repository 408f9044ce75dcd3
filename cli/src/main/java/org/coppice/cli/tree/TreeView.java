package org.coppice.cli.tree;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;

/** A ratchet tree with all that a picture of it shows. Immutable. */
final class TreeView {
    private static final int NAME_LENGTH = 18;

    private final RatchetTree tree;
    private final String title;
    private final Map<NodeIndex, NodeIndex> links;
    private final Map<NodeIndex, LeafIndex> authors = new HashMap<>();
    private final List<LeafIndex> committers = new ArrayList<>();
    private final Set<LeafIndex> unmerged = new HashSet<>();

    /** @param title what the tree is of, such as a group's name and epoch */
    TreeView(RatchetTree tree, SuiteCrypto crypto, String title) {
        this.tree = tree;
        this.title = title;
        this.links = ParentHashLinks.of(tree, crypto);
        for (NodeIndex node : parents()) {
            unmerged.addAll(tree.parent(node).orElseThrow().unmergedLeaves());
            author(node).ifPresent(leaf -> authors.put(node, leaf));
        }
        authors.values().stream().distinct().sorted().forEach(committers::add);
    }

    /** Follows the links down to the leaf whose Commit made the node's key. */
    private Optional<LeafIndex> author(NodeIndex node) {
        NodeIndex at = node;
        while (at != null && !at.isLeaf()) {
            at = links.get(at);
        }
        return Optional.ofNullable(at).map(NodeIndex::toLeafIndex);
    }

    RatchetTree tree() {
        return tree;
    }

    String title() {
        return title;
    }

    /** What the tree is in numbers. */
    List<String> facts() {
        return List.of(
                counted(tree.memberCount(), "member", "members") + " in " + counted(tree.size(), "leaf", "leaves"),
                parents().size() + " of " + counted(parentCount(), "parent", "parents") + " set",
                "tree hash " + hash(tree.root()));
    }

    private static String counted(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** The occupied parent nodes, by increasing index. */
    List<NodeIndex> parents() {
        List<NodeIndex> out = new ArrayList<>();
        for (long i = 1; i < TreeMath.nodeCount(tree.size()); i += 2) {
            if (tree.parent(new NodeIndex(i)).isPresent()) {
                out.add(new NodeIndex(i));
            }
        }
        return out;
    }

    long parentCount() {
        return tree.size() - 1;
    }

    boolean isBlank(NodeIndex node) {
        return tree.encryptionKey(node).isEmpty();
    }

    /** Whether neither the node nor anything below it is occupied. */
    boolean isEmpty(NodeIndex node) {
        return tree.resolution(node).isEmpty();
    }

    /** The node that holds the parent hash of an occupied parent. */
    Optional<NodeIndex> link(NodeIndex parent) {
        return Optional.ofNullable(links.get(parent));
    }

    /** The member whose Commit made the key of a parent, as the parent hashes prove. */
    Optional<LeafIndex> authorOf(NodeIndex parent) {
        return Optional.ofNullable(authors.get(parent));
    }

    /** The number of a member among those who made keys of parents, for colours. */
    OptionalInt rank(LeafIndex leaf) {
        int rank = Collections.binarySearch(committers, leaf);
        return rank < 0 ? OptionalInt.empty() : OptionalInt.of(rank);
    }

    /** The members who made keys of parents. */
    List<LeafIndex> committers() {
        return List.copyOf(committers);
    }

    /** The leaves below a parent that do not hold its private key. */
    List<LeafIndex> unmergedAt(NodeIndex parent) {
        return tree.parent(parent).map(ParentNode::unmergedLeaves).orElse(List.of());
    }

    boolean isUnmergedSomewhere(LeafIndex leaf) {
        return unmerged.contains(leaf);
    }

    /** The beginning of a node's public key. */
    String key(NodeIndex node) {
        return tree.encryptionKey(node).map(key -> shortHex(key.data())).orElse("");
    }

    /** The beginning of a node's tree hash. */
    String hash(NodeIndex node) {
        return shortHex(tree.treeHash(node));
    }

    static String shortHex(Bytes bytes) {
        // The first byte of an uncompressed point is always 4 and tells nothing.
        int from = bytes.length() % 2 == 1 && bytes.length() > 64 ? 1 : 0;
        return bytes.slice(from, Math.min(4, bytes.length() - from)).toHex();
    }

    /** How a leaf came into its place: by key package, update or commit. */
    String source(LeafIndex leaf) {
        LeafNodeSource source = tree.leaf(leaf).map(LeafNode::source).orElseThrow();
        return source instanceof LeafNodeSource.Commit
                ? "commit"
                : source instanceof LeafNodeSource.Update ? "update" : "key_package";
    }

    /** Who a member is, as its credential says: a text, or the beginning of what is no text. */
    String name(LeafIndex leaf) {
        return tree.leaf(leaf).map(LeafNode::credential).map(TreeView::name).orElse("");
    }

    private static String name(Credential credential) {
        if (credential instanceof Credential.Basic basic) {
            return name(basic.identity());
        }
        if (credential instanceof Credential.X509 x509 && !x509.certificates().isEmpty()) {
            return Certificates.subject(x509.certificates().get(0)).orElse("x509");
        }
        return credential.type().toString();
    }

    private static String name(Bytes identity) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(identity.toByteArray()))
                    .toString();
            if (!text.isBlank() && text.codePoints().allMatch(TreeView::isPrintable)) {
                return text.codePointCount(0, text.length()) <= NAME_LENGTH
                        ? text
                        : text.substring(0, text.offsetByCodePoints(0, NAME_LENGTH - 1)) + "…";
            }
        } catch (CharacterCodingException e) {
            // Shown as bytes.
        }
        return identity.isEmpty() ? "(no name)" : shortHex(identity) + "…";
    }

    /** Whatever could turn the text around, or repaint a terminal, is not. */
    private static boolean isPrintable(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.PRIVATE_USE
                && type != Character.SURROGATE
                && type != Character.UNASSIGNED
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
