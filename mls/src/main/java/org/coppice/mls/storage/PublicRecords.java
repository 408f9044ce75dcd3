package org.coppice.mls.storage;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.RecordKind;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeDiff;
import org.coppice.mls.tree.TreeNode;

/**
 * What the stored groups of members and of observers have in common: how a record is read, and the tree; {@code docs/STATE.md}
 * describes the format.
 */
public final class PublicRecords {
    /** Of what this client wrote itself: all that can be encoded. */
    public static final DecodeLimits LIMITS = new DecodeLimits(DecodeLimits.MAX_ENCODABLE, Integer.MAX_VALUE);

    private PublicRecords() {}

    // ---- any record

    /** Of a copy, which what is read may keep; not for records with secrets. */
    public static TlsReader reader(byte[] stored) {
        return new TlsReader(Bytes.copyOf(stored), LIMITS);
    }

    /** Each kind of group begins with a record that begins with the version of them all. */
    public static void checkVersion(TlsReader in) throws DecodeException {
        int version = in.uint16();
        if (version != RecordKey.FORMAT_VERSION) {
            throw in.error(Rule.STORED_STATE, "state of format version " + version);
        }
    }

    /** A record that has to be there. */
    public static byte[] record(Map<Bytes, byte[]> records, RecordKey key) throws DecodeException {
        byte[] value = records.get(key.toBytes());
        if (value == null) {
            throw damaged("a record of kind " + key.kind() + " is missing");
        }
        return value;
    }

    public static DecodeException damaged(String what) {
        return new DecodeException(Rule.STORED_STATE, 0, what);
    }

    // ---- the tree

    public static void putTree(TreeDiff diff, StateChange.Builder changes) {
        for (Map.Entry<NodeIndex, TreeNode> entry : diff.occupied().entrySet()) {
            changes.put(
                    new RecordKey.TreeNode(entry.getKey().value()),
                    entry.getValue().encoded());
        }
        for (NodeIndex node : diff.blanked()) {
            changes.delete(new RecordKey.TreeNode(node.value()));
        }
    }

    public static void putWholeTree(RatchetTree tree, StateChange.Builder changes) {
        for (long node = 0; node < 2 * tree.size() - 1; node++) {
            NodeIndex index = new NodeIndex(node);
            Optional<? extends TreeNode> content = index.isLeaf()
                    ? tree.leaf(index.toLeafIndex()).map(TreeNode.Leaf::new)
                    : tree.parent(index).map(TreeNode.Parent::new);
            content.ifPresent(some -> changes.put(new RecordKey.TreeNode(index.value()), some.encoded()));
        }
    }

    /** The tree of an epoch from all its nodes; the leftmost 2^d leaves that hold the last occupied one are the tree. */
    public static RatchetTree tree(Map<Bytes, byte[]> records, GroupContext context, SuiteCrypto crypto)
            throws DecodeException {
        TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>();
        for (Map.Entry<Bytes, byte[]> entry : records.entrySet()) {
            if (RecordKind.TREE_NODE.matches(entry.getKey())) {
                RecordKey.TreeNode key = (RecordKey.TreeNode) RecordKey.parse(entry.getKey());
                TlsReader in = reader(entry.getValue());
                TreeNode node = TreeNode.decode(in);
                in.expectEnd();
                if (key.node() < 0
                        || key.node() >= 1L << 33
                        || node instanceof TreeNode.Leaf != (key.node() % 2 == 0)) {
                    throw damaged("a tree node at the wrong place");
                }
                nodes.put(new NodeIndex(key.node()), node);
            }
        }
        if (nodes.isEmpty()) {
            throw damaged("the tree has no nodes");
        }
        long size = 1;
        while (2 * size - 1 <= nodes.lastKey().value()) {
            size *= 2;
        }
        try {
            RatchetTree tree = RatchetTree.fromNodes(size, nodes, crypto);
            if (!tree.treeHash().equals(context.treeHash())) {
                throw damaged("the stored tree does not have the tree hash of the epoch");
            }
            return tree;
        } catch (IllegalArgumentException e) {
            throw damaged("the stored nodes are not a tree");
        }
    }

    // ---- the difference of two trees

    public static void write(TreeDiff diff, TlsWriter out) {
        out.uint64(diff.size());
        int occupied = out.open();
        diff.occupied().forEach((node, content) -> out.uint64(node.value()).struct(content));
        out.close(occupied);
        int blanked = out.open();
        diff.blanked().forEach(node -> out.uint64(node.value()));
        out.close(blanked);
    }

    public static TreeDiff readDiff(TlsReader in) throws DecodeException {
        long size = in.uint64();
        TreeMap<NodeIndex, TreeNode> occupied = new TreeMap<>();
        TlsReader nodes = in.sub();
        while (nodes.remaining() > 0) {
            NodeIndex index = nodeIndex(nodes);
            occupied.put(index, TreeNode.decode(nodes));
        }
        TreeSet<NodeIndex> blanked = new TreeSet<>(in.list(PublicRecords::nodeIndex));
        return new TreeDiff(size, occupied, blanked);
    }

    /** The tree that a stored difference leads to. */
    public static RatchetTree apply(TreeDiff diff, RatchetTree tree) throws DecodeException {
        try {
            return tree.apply(diff);
        } catch (IllegalArgumentException e) {
            throw damaged("a stored difference does not fit its tree");
        }
    }

    public static NodeIndex nodeIndex(TlsReader in) throws DecodeException {
        long value = in.uint64();
        if (value < 0 || value >= 1L << 33) {
            throw in.error(Rule.STORED_STATE, "node index " + Long.toUnsignedString(value));
        }
        return new NodeIndex(value);
    }
}
