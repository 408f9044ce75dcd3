package org.coppice.cli.tree;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.tree.Layout.Point;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeMath;

/**
 * Draws a tree as SVG. Behind the nodes run two things: thin grey branches, which are the tree; and coloured stems from the
 * leaf of a committer up to the last parent whose key that Commit made, which are the parent hashes.
 */
final class SvgTree {
    private static final int MAX_CARDS = 16;
    private static final int MAX_LEAVES = 2048;
    private static final String[] PALETTE = {
        "#2f8f6b", "#d9663f", "#3f6fb0", "#c99a1f", "#8659a8", "#5d8a2f", "#c2456b", "#1f8a99", "#9a6a4a", "#5561c4",
        "#a8842a", "#4f7f74"
    };

    private final TreeView view;
    private final RatchetTree tree;
    private final Layout layout;
    private final Svg svg = new Svg();

    SvgTree(TreeView view) {
        this.view = view;
        this.tree = view.tree();
        if (tree.size() > MAX_LEAVES) {
            throw CommandFailure.usage(
                    "a tree of " + tree.size() + " leaves makes no picture: the limit is " + MAX_LEAVES,
                    "leave out --svg for a summary");
        }
        this.layout = tree.size() <= MAX_CARDS ? new TopDownLayout(tree.size()) : new RadialLayout(tree.size());
    }

    String draw() {
        svg.begin(layout.width(), layout.height(), !layout.hasCards());
        svg.header(view.title(), String.join("  ·  ", view.facts()));
        branches();
        unmerged();
        stems();
        for (long i = 0; i < TreeMath.nodeCount(tree.size()); i++) {
            NodeIndex node = new NodeIndex(i);
            if (node.isLeaf()) {
                leaf(node);
            } else {
                parent(node);
            }
        }
        svg.legend(layout.width(), layout.height(), legend());
        return svg.end();
    }

    private List<Svg.Swatch> legend() {
        return view.committers().stream()
                .map(leaf -> new Svg.Swatch(colour(leaf), view.name(leaf)))
                .toList();
    }

    // ---- lines

    private void branches() {
        for (long i = 0; i < TreeMath.nodeCount(tree.size()); i++) {
            NodeIndex node = new NodeIndex(i);
            TreeMath.parent(node, tree.size()).ifPresent(parent -> {
                String style = view.isEmpty(node) ? "branch empty" : "branch";
                svg.path(style, "M " + layout.at(node) + " " + layout.curve(node, parent), "");
            });
        }
    }

    /** From each unmerged leaf up to the highest node that lists it. */
    private void unmerged() {
        for (LeafIndex leaf : tree.members()) {
            NodeIndex top = null;
            for (NodeIndex node : tree.directPath(leaf.toNodeIndex())) {
                if (view.unmergedAt(node).contains(leaf)) {
                    top = node;
                }
            }
            if (top != null) {
                svg.path("unmerged", way(leaf.toNodeIndex(), top), "");
            }
        }
    }

    private void stems() {
        for (NodeIndex node : view.parents()) {
            Optional<NodeIndex> link = view.link(node);
            Optional<LeafIndex> author = view.authorOf(node);
            if (link.isPresent() && author.isPresent()) {
                svg.path("stem", way(link.get(), node), colour(author.get()));
            }
        }
    }

    /** A path along the branches. */
    private String way(NodeIndex from, NodeIndex to) {
        StringBuilder path = new StringBuilder("M " + layout.at(from));
        NodeIndex at = from;
        while (!at.equals(to)) {
            NodeIndex parent = TreeMath.parent(at, tree.size()).orElseThrow();
            path.append(' ').append(layout.curve(at, parent));
            at = parent;
        }
        return path.toString();
    }

    // ---- nodes

    private void parent(NodeIndex node) {
        Point at = layout.at(node);
        if (view.isBlank(node)) {
            svg.blank(at, blankRadius(node), "parent node " + node + ", blank");
            return;
        }
        String colour = view.authorOf(node).map(this::colour).orElse("#b3261e");
        double radius = layout.radius(node);
        List<LeafIndex> unmerged = view.unmergedAt(node);
        svg.open(describe(node));
        if (!unmerged.isEmpty()) {
            svg.circle("ring", at, radius + 5, "");
        }
        svg.circle("parent", at, radius, colour);
        if (radius >= 17) {
            svg.text("key", at.x(), at.y() + 3.5, view.key(node).substring(0, 4), "");
        }
        if (layout.hasCards()) {
            String label = unmerged.isEmpty() ? "" : "without " + join(unmerged);
            svg.text("note", at.x() + radius + 9, at.y() - radius * 0.55, label, "");
        }
        svg.close();
    }

    /** Where nobody is below, hardly anything needs to be seen. */
    private double blankRadius(NodeIndex node) {
        return layout.hasCards() ? 7 : view.isEmpty(node) ? 1.6 : 3.6;
    }

    private void leaf(NodeIndex node) {
        if (layout.hasCards()) {
            card(node);
        } else {
            dot(node);
        }
    }

    private void card(NodeIndex node) {
        Point at = layout.at(node);
        double left = at.x() - TopDownLayout.CARD_WIDTH / 2;
        LeafIndex leaf = node.toLeafIndex();
        if (view.isBlank(node)) {
            svg.blankCard(left, at.y(), "leaf " + leaf + ", blank");
            svg.text("index", at.x(), at.y() + 38, leaf.toString(), "");
            return;
        }
        svg.open(describe(node));
        svg.card(left, at.y(), leafColour(leaf), view.isUnmergedSomewhere(leaf));
        svg.text("name", at.x(), at.y() + 25, view.name(leaf), "");
        svg.text("mono", at.x(), at.y() + 41, view.key(node), "");
        svg.text("index", at.x(), at.y() + 55, leaf + " · " + view.source(leaf), "");
        svg.close();
    }

    private void dot(NodeIndex node) {
        Point at = layout.at(node);
        LeafIndex leaf = node.toLeafIndex();
        if (view.isBlank(node)) {
            svg.blank(at, blankRadius(node), "leaf " + leaf + ", blank");
            return;
        }
        svg.open(describe(node));
        if (view.isUnmergedSomewhere(leaf)) {
            svg.circle("ring", at, 8.5, "");
        }
        svg.circle("leaf", at, 5, leafColour(leaf));
        svg.radial(at, layout.textAngle(node), view.name(leaf), leaf + "  " + view.key(node));
        svg.close();
    }

    /** What a browser shows while the pointer rests on a node. */
    private String describe(NodeIndex node) {
        String text = (node.isLeaf()
                        ? "leaf " + node.toLeafIndex() + " " + view.name(node.toLeafIndex())
                        : "parent node " + node)
                + "\nkey " + view.key(node) + ", tree hash " + view.hash(node);
        if (node.isLeaf()) {
            return text + "\nfrom " + view.source(node.toLeafIndex());
        }
        List<LeafIndex> unmerged = view.unmergedAt(node);
        return text
                + view.authorOf(node)
                        .map(leaf -> "\nkey made by " + view.name(leaf))
                        .orElse("\nno parent hash leads here")
                + view.link(node)
                        .map(link -> ", parent hash held by node " + link)
                        .orElse("")
                + (unmerged.isEmpty() ? "" : "\nunmerged leaves " + join(unmerged));
    }

    private static String join(List<LeafIndex> leaves) {
        return leaves.stream().map(LeafIndex::toString).collect(Collectors.joining(", "));
    }

    private String leafColour(LeafIndex leaf) {
        return view.rank(leaf).isPresent() ? colour(leaf) : "#8d938c";
    }

    private String colour(LeafIndex leaf) {
        OptionalInt rank = view.rank(leaf);
        return PALETTE[rank.orElse(0) % PALETTE.length];
    }
}
