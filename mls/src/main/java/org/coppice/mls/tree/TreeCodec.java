package org.coppice.mls.tree;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** The tree as a list of nodes: {@code optional<Node> ratchet_tree<V>} (RFC 9420 §12.4.3.3), and records of a store. */
final class TreeCodec {
    private TreeCodec() {}

    static TreeRoot decode(TlsReader in) throws DecodeException {
        TlsReader list = in.sub();
        Contents contents = new Contents();
        long index = 0;
        boolean blank = false;
        for (; list.remaining() > 0; index++) {
            if (index == list.limits().maxListEntries()) {
                throw list.error(Rule.SIZE_LIMIT, "a tree of more than " + index + " nodes");
            }
            blank = !list.present();
            if (!blank) {
                contents.add(index, node(list, index));
            }
        }
        if (blank) {
            throw list.error(Rule.TREE_ENDS_IN_BLANK, "a tree of " + index + " nodes that ends in a blank one");
        }
        // §12.4.3.3: what is missing up to 2^(d+1) - 1 nodes is blank; the last node that is there is a leaf.
        if (index % 2 == 0) {
            throw list.error(Rule.TREE_NODE_TYPE, index == 0 ? "an empty tree" : "a tree that ends in a parent node");
        }
        int depth = TreeMath.commonLevel(0, index / 2);
        return contents.putInto(TreeRoot.BLANK.extended(depth));
    }

    private static Object node(TlsReader in, long index) throws DecodeException {
        int type = in.uint8();
        if (type != 1 && type != 2) {
            throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "node_type " + type);
        }
        if (type == 1 != (index % 2 == 0)) {
            throw in.error(Rule.TREE_NODE_TYPE, "node_type " + type + " at node " + index);
        }
        if (type == 1) {
            return LeafNode.decode(in);
        }
        int start = in.mark();
        ParentNode.decode(in);
        return in.since(start).toByteArray();
    }

    static void encode(TreeRoot tree, TlsWriter out) {
        int mark = out.open();
        Writer writer = new Writer(out);
        writer.write(tree.node(), tree.depth());
        out.close(mark);
    }

    /** Writes nodes from left to right, and blanks only before an occupied one. */
    private static final class Writer {
        private final TlsWriter out;
        private long blanks;

        Writer(TlsWriter out) {
            this.out = out;
        }

        void write(Subtree tree, int level) {
            if (tree instanceof LeafNode leaf) {
                occupied().uint8(1).struct(leaf);
            } else if (tree instanceof Subtree.Inner inner) {
                write(inner.left(), level - 1);
                if (inner.content() == null) {
                    blanks++;
                } else {
                    occupied().uint8(2).raw(inner.content());
                }
                write(inner.right(), level - 1);
            } else {
                blanks += (2L << level) - 1;
            }
        }

        private TlsWriter occupied() {
            for (; blanks > 0; blanks--) {
                out.uint8(0);
            }
            return out.uint8(1);
        }
    }

    static TreeRoot fromNodes(long size, SortedMap<NodeIndex, TreeNode> nodes) {
        long count = TreeMath.nodeCount(size);
        int depth = Long.numberOfTrailingZeros(size);
        Contents contents = new Contents();
        for (Map.Entry<NodeIndex, TreeNode> entry : nodes.entrySet()) {
            contents.add(entry.getKey(), entry.getValue(), count);
        }
        return contents.putInto(TreeRoot.BLANK.extended(depth));
    }

    static TreeRoot apply(TreeDiff diff, TreeRoot tree) {
        int newDepth = Long.numberOfTrailingZeros(TreeMath.nodeCount(diff.size()) / 2 + 1);
        int common = Math.max(tree.depth(), newDepth);
        long count = TreeMath.nodeCount(1L << common);
        TreeMap<NodeIndex, TreeNode> nodes = new TreeMap<>(diff.occupied());
        diff.blanked().forEach(node -> nodes.put(node, null));
        Contents contents = new Contents();
        nodes.forEach((index, node) -> contents.add(index, node, count));
        Subtree out = contents.putInto(tree.extended(common)).node();
        for (int level = common; level > newDepth; level--) {
            Subtree.Branch parts = (Subtree.Branch) out;
            if (parts.content() != null || !(parts.right() instanceof Subtree.Blank)) {
                throw new IllegalArgumentException(
                        "the difference leaves nodes outside its " + diff.size() + " leaves");
            }
            out = parts.left();
        }
        return new TreeRoot(out, newDepth);
    }

    static TreeDiff diff(TreeRoot before, TreeRoot after) {
        TreeMap<NodeIndex, TreeNode> occupied = new TreeMap<>();
        TreeSet<NodeIndex> blanked = new TreeSet<>();
        Differences.find(before, after, (node, old, content) -> {
            NodeIndex index = new NodeIndex(node);
            if (content == null) {
                blanked.add(index);
            } else {
                occupied.put(index, toNode(content));
            }
        });
        return new TreeDiff(after.size(), occupied, blanked);
    }

    private static TreeNode toNode(Object content) {
        return content instanceof LeafNode leaf
                ? new TreeNode.Leaf(leaf)
                : new TreeNode.Parent(ParentContent.decode((byte[]) content));
    }

    /** Contents by increasing node index, as {@link TreeEdits#replace} takes them. */
    private static final class Contents {
        private long[] nodes = new long[16];
        private Object[] contents = new Object[16];
        private int count;

        void add(long node, Object content) {
            if (count == nodes.length) {
                nodes = Arrays.copyOf(nodes, 2 * count);
                contents = Arrays.copyOf(contents, 2 * count);
            }
            nodes[count] = node;
            contents[count++] = content;
        }

        /** Adds a node of a store, or a blank one if {@code node} is null. */
        void add(NodeIndex index, TreeNode node, long nodeCount) {
            if (index.value() >= nodeCount) {
                throw new IllegalArgumentException("node " + index + " is outside a tree of " + nodeCount + " nodes");
            }
            if (node != null && index.isLeaf() != node instanceof TreeNode.Leaf) {
                throw new IllegalArgumentException("node " + index + " has the content of the other node type");
            }
            if (node instanceof TreeNode.Leaf leaf) {
                add(index.value(), leaf.leafNode());
            } else {
                add(
                        index.value(),
                        node instanceof TreeNode.Parent parent
                                ? parent.parentNode().encoded()
                                : null);
            }
        }

        TreeRoot putInto(TreeRoot tree) {
            return TreeEdits.replace(tree, nodes, contents, count);
        }
    }
}
