package org.coppice.cli.tree;

import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.TreeMath;

/** The root at the top, leaves as cards in a row at the bottom: for small trees. */
final class TopDownLayout implements Layout {
    static final double CARD_WIDTH = 92;
    static final double CARD_HEIGHT = 64;

    private static final double COLUMN = 104;
    private static final double ROW = 92;
    private static final double SIDE = 34;
    private static final double TOP = 128;
    private static final double BOTTOM = 92;
    private static final double MIN_WIDTH = 640;

    private final int depth;
    private final double width;
    private final double left;

    TopDownLayout(long leaves) {
        this.depth = 63 - Long.numberOfLeadingZeros(leaves);
        double needed = leaves * COLUMN + 2 * SIDE;
        this.width = Math.max(MIN_WIDTH, needed);
        this.left = (width - leaves * COLUMN) / 2;
    }

    @Override
    public double width() {
        return width;
    }

    @Override
    public double height() {
        return TOP + depth * ROW + CARD_HEIGHT + BOTTOM;
    }

    @Override
    public Point at(NodeIndex node) {
        return new Point(left + (Layout.middleLeaf(node) + 0.5) * COLUMN, TOP + (depth - TreeMath.level(node)) * ROW);
    }

    @Override
    public double radius(NodeIndex node) {
        return 23;
    }

    @Override
    public String curve(NodeIndex child, NodeIndex parent) {
        Point from = at(child);
        Point to = at(parent);
        // Straight up at the child, then a bow: branches leave a trunk like that.
        double bend = ROW * 0.62;
        return "C " + new Point(from.x(), from.y() - bend) + ", " + new Point(to.x(), to.y() + bend * 0.55) + ", " + to;
    }

    @Override
    public boolean hasCards() {
        return true;
    }

    @Override
    public double textAngle(NodeIndex leaf) {
        return 0;
    }
}
