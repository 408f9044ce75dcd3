package org.coppice.testkit.forge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeNode;

/** A ratchet_tree extension as the list of nodes that it is (RFC 9420 §12.4.3.3), each of which can be changed. */
public final class ForgedTree {
    private final SuiteCrypto crypto;
    private final List<Optional<TreeNode>> nodes;

    private ForgedTree(SuiteCrypto crypto, List<Optional<TreeNode>> nodes) {
        this.crypto = crypto;
        this.nodes = new ArrayList<>(nodes);
    }

    /** Reads the content of a ratchet_tree extension. */
    public static ForgedTree of(Bytes encoded, SuiteCrypto crypto) throws DecodeException {
        TlsReader in = new TlsReader(encoded, DecodeLimits.DEFAULT);
        List<Optional<TreeNode>> nodes = in.list(element -> element.optional(TreeNode::decode));
        in.expectEnd();
        return new ForgedTree(crypto, nodes);
    }

    /** A tree as a GroupInfo would carry it. */
    public static ForgedTree of(RatchetTree tree, SuiteCrypto crypto) throws DecodeException {
        return of(SuiteCrypto.encode(tree), crypto);
    }

    /** The nodes from left to right, without the blank ones at the end. */
    public List<Optional<TreeNode>> nodes() {
        return List.copyOf(nodes);
    }

    /** Puts a node, or a blank, at an index inside the list. */
    public ForgedTree set(int index, Optional<TreeNode> node) {
        nodes.set(index, node);
        return this;
    }

    /** Appends a node or a blank. */
    public ForgedTree append(Optional<TreeNode> node) {
        nodes.add(node);
        return this;
    }

    /** Changes an occupied parent node. */
    public ForgedTree parent(NodeIndex index, UnaryOperator<ParentNode> change) {
        int at = Math.toIntExact(index.value());
        ParentNode old = ((TreeNode.Parent) nodes.get(at).orElseThrow()).parentNode();
        return set(at, Optional.of(new TreeNode.Parent(change.apply(old))));
    }

    /** Puts in another leaf. */
    public ForgedTree leaf(LeafIndex index, LeafNode leaf) {
        return set(Math.toIntExact(index.toNodeIndex().value()), Optional.of(new TreeNode.Leaf(leaf)));
    }

    /** The content of a ratchet_tree extension, right or wrong. */
    public Bytes encoded() {
        TlsWriter out = new TlsWriter();
        int mark = out.open();
        nodes.forEach(out::optional);
        out.close(mark);
        return out.toBytes();
    }

    /** The tree that a receiver makes of it. */
    public RatchetTree decoded() throws MlsException {
        Decoder<RatchetTree> decoder = in -> RatchetTree.decode(in, crypto);
        return decoder.decodeAll(encoded(), DecodeLimits.DEFAULT);
    }

    /** The tree hash that a receiver computes. */
    public Bytes hash() throws MlsException {
        return decoded().treeHash();
    }
}
