package org.coppice.cli.tree;

import java.util.Locale;
import org.coppice.mls.tree.NodeIndex;
import org.coppice.mls.tree.TreeMath;

/** Where the nodes of a tree stand in a picture. Units are those of SVG; y grows downwards. */
sealed interface Layout permits TopDownLayout, RadialLayout {
    /**
     * A place.
     *
     * @param x to the right
     * @param y downwards
     */
    record Point(double x, double y) {
        @Override
        public String toString() {
            return number(x) + " " + number(y);
        }
    }

    double width();

    double height();

    Point at(NodeIndex node);

    /** The radius of an occupied parent node. */
    double radius(NodeIndex node);

    /** The commands of an SVG path from a node up to its parent, which continue a path that ends at the node. */
    String curve(NodeIndex child, NodeIndex parent);

    /** Whether leaves have room for cards; else they are dots with a line of text. */
    boolean hasCards();

    /** The angle of a leaf's text in degrees, clockwise from the right; 0 for cards. */
    double textAngle(NodeIndex leaf);

    /** The first of the leaves below a node, and how many there are, as a place in the middle between the first and last. */
    static double middleLeaf(NodeIndex node) {
        long span = 1L << TreeMath.level(node);
        double first = (node.value() - span + 1) / 2.0;
        return first + (span - 1) / 2.0;
    }

    /** A number without needless digits. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
