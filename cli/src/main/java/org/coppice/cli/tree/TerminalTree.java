package org.coppice.cli.tree;

import java.io.PrintStream;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.coppice.cli.Style;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;

/**
 * Draws a tree sideways: the root on the left, the leaves on the right, from top to bottom.
 *
 * <pre>
 *       ╭───● 0 alice
 *   ╭───● 1
 *   │   ╰───● 1 bob
 *   ● 3
 *   │   ╭───● 2 carol
 *   ╰───○ 5
 *       ╰───○ 3
 * </pre>
 */
final class TerminalTree {
    /** Rows beyond this are drawn as one for several leaves. */
    private static final int MAX_LEAVES = 64;

    private static final int[] COLOURS = {32, 36, 35, 33, 34, 31, 92, 96, 95, 93, 94, 91};
    private static final int MAX_LISTED = 4;
    private static final int MAX_NAMED = 5;

    private final TreeView view;
    private final RatchetTree tree;
    private final boolean colours;
    private final PrintStream out;
    /** Subtrees of this level or lower are summarised. */
    private final int foldedLevel;

    TerminalTree(TreeView view, PrintStream out, boolean colours) {
        this.view = view;
        this.tree = view.tree();
        this.out = out;
        this.colours = colours;
        int level = 0;
        while (tree.memberCount() > MAX_LEAVES && tree.size() >> level > MAX_LEAVES / 2) {
            level++;
        }
        this.foldedLevel = level;
    }

    void print() {
        node(tree.root(), "", "", "");
    }

    /**
     * @param above what stands to the left of the rows above this node's
     * @param self what stands to the left of this node
     * @param below what stands to the left of the rows below this node's
     */
    private void node(NodeIndex node, String above, String self, String below) {
        boolean isFolded = TreeMath.level(node) <= foldedLevel && foldedLevel > 0;
        if (node.isLeaf() || isFolded || view.isEmpty(node)) {
            line(self, node.isLeaf() ? leaf(node) : isFolded ? folded(node) : empty(node));
            return;
        }
        node(TreeMath.left(node).orElseThrow(), above + "    ", above + "╭───", above + "│   ");
        line(self, parent(node));
        node(TreeMath.right(node).orElseThrow(), below + "│   ", below + "╰───", below + "    ");
    }

    private void line(String lines, String text) {
        out.println("  " + Style.LINE.apply(lines, colours) + text);
    }

    private String leaf(NodeIndex node) {
        LeafIndex leaf = node.toLeafIndex();
        if (view.isBlank(node)) {
            return Style.FAINT.apply("○ " + leaf, colours);
        }
        int width = Math.max(2, Long.toString(tree.size() - 1).length());
        StringBuilder text = new StringBuilder();
        text.append(coloured(leaf, "●"))
                .append(String.format(" %-" + width + "s ", leaf))
                .append(Style.STRONG.apply(String.format("%-14s", view.name(leaf)), colours));
        String details = " " + view.key(node) + "  " + view.source(leaf);
        text.append(Style.FAINT.apply(details, colours));
        if (view.isUnmergedSomewhere(leaf)) {
            text.append(Style.NOTICE.apply("  unmerged", colours));
        }
        return text.toString();
    }

    private String empty(NodeIndex node) {
        long first = firstLeaf(node);
        long last = first + (1L << TreeMath.level(node)) - 1;
        return Style.FAINT.apply("○ " + first + " to " + last + " blank", colours);
    }

    private String parent(NodeIndex node) {
        if (view.isBlank(node)) {
            return Style.FAINT.apply("○", colours);
        }
        StringBuilder text = new StringBuilder();
        LeafIndex author = view.authorOf(node).orElse(null);
        if (author == null) {
            text.append(Style.BAD.apply("● " + node + "  no parent hash leads here", colours));
        } else {
            text.append(coloured(author, "●"))
                    .append(Style.FAINT.apply(" " + view.key(node) + " by ", colours))
                    .append(coloured(author, view.name(author)));
        }
        List<LeafIndex> unmerged = view.unmergedAt(node);
        if (!unmerged.isEmpty()) {
            text.append(Style.NOTICE.apply("  without " + list(unmerged), colours));
        }
        return text.toString();
    }

    private String folded(NodeIndex node) {
        if (node.isLeaf()) {
            return leaf(node);
        }
        long first = firstLeaf(node);
        long count = 1L << TreeMath.level(node);
        long members = 0;
        long parents = 0;
        for (long i = node.value() - count + 1; i < node.value() + count; i++) {
            NodeIndex below = new NodeIndex(i);
            if (!view.isBlank(below)) {
                members += below.isLeaf() ? 1 : 0;
                parents += below.isLeaf() ? 0 : 1;
            }
        }
        if (members == 0) {
            return empty(node);
        }
        long blanks = count - 1 - parents;
        String text = String.format("%d to %d: %d members", first, first + count - 1, members)
                + (blanks == 0 ? "" : ", " + blanks + " of " + (count - 1) + " parents blank");
        String mark = view.authorOf(node).map(author -> coloured(author, "▲")).orElse("△");
        return mark + " " + text;
    }

    private static long firstLeaf(NodeIndex node) {
        return (node.value() - (1L << TreeMath.level(node)) + 1) / 2;
    }

    private static String list(List<LeafIndex> leaves) {
        StringJoiner out = new StringJoiner(", ");
        leaves.stream().limit(MAX_LISTED).forEach(leaf -> out.add(leaf.toString()));
        return leaves.size() > MAX_LISTED ? out + " and " + (leaves.size() - MAX_LISTED) + " more" : out.toString();
    }

    private String coloured(LeafIndex leaf, String text) {
        int rank = view.rank(leaf).orElse(-1);
        return !colours || rank < 0 ? text : "\u001b[" + COLOURS[rank % COLOURS.length] + "m" + text + "\u001b[0m";
    }

    /** Names of the first of those whose Commits made the keys of parents, each in its colour. */
    String legend() {
        List<LeafIndex> all = view.committers();
        String names = all.stream()
                .limit(MAX_NAMED)
                .map(leaf -> coloured(leaf, view.name(leaf)))
                .collect(Collectors.joining(", "));
        return all.size() > MAX_NAMED ? names + " and " + (all.size() - MAX_NAMED) + " more" : names;
    }
}
