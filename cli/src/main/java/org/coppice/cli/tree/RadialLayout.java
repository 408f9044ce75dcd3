package org.coppice.cli.tree;

import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.TreeMath;

/** The root in the middle, leaves around it: for trees with too many leaves for one row. */
final class RadialLayout implements Layout {
    private static final double TEXT = 150;
    private static final double TOP = 96;
    private static final double BOTTOM = 84;
    private static final double MIN_RADIUS = 290;
    private static final double LEAF_SPACE = 17;

    private final long leaves;
    private final int depth;
    private final double radius;
    private final Point centre;

    RadialLayout(long leaves) {
        this.leaves = leaves;
        this.depth = 63 - Long.numberOfLeadingZeros(leaves);
        this.radius = Math.max(MIN_RADIUS, leaves * LEAF_SPACE / (2 * Math.PI));
        this.centre = new Point(radius + TEXT, TOP + radius + TEXT);
    }

    @Override
    public double width() {
        return 2 * (radius + TEXT);
    }

    @Override
    public double height() {
        return TOP + 2 * (radius + TEXT) + BOTTOM;
    }

    /** Clockwise from the top, in radians; the first leaf stands just right of it. */
    private double angle(NodeIndex node) {
        return (Layout.middleLeaf(node) + 0.5) / leaves * 2 * Math.PI - Math.PI / 2;
    }

    private double distance(NodeIndex node) {
        double share = (double) (depth - TreeMath.level(node)) / depth;
        return radius * share;
    }

    private Point polar(double angle, double distance) {
        return new Point(centre.x() + distance * Math.cos(angle), centre.y() + distance * Math.sin(angle));
    }

    @Override
    public Point at(NodeIndex node) {
        return polar(angle(node), distance(node));
    }

    @Override
    public double radius(NodeIndex node) {
        int level = TreeMath.level(node);
        return level >= depth - 1 ? 18.5 : level == 1 ? 6.5 : Math.min(15, 5 + 2.6 * level);
    }

    @Override
    public String curve(NodeIndex child, NodeIndex parent) {
        double from = distance(child);
        double to = distance(parent);
        double middle = (from + to) / 2;
        return "C " + polar(angle(child), middle) + ", " + polar(angle(parent), middle) + ", " + at(parent);
    }

    @Override
    public boolean hasCards() {
        return false;
    }

    @Override
    public double textAngle(NodeIndex leaf) {
        return Math.toDegrees(angle(leaf));
    }
}
