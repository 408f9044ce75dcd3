package org.coppice.cli.tree;

import static org.coppice.cli.tree.Layout.number;

import java.util.List;
import org.coppice.cli.tree.Layout.Point;

/** Writes the elements of a picture. Colours and fonts stand in one style sheet at its head. */
final class Svg {
    private static final String STYLE = """
              text { font-family: 'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif; fill: #23302a; }
              .title { font-size: 19px; font-weight: 600; }
              .subtitle { font-size: 12.5px; fill: #66716a; }
              .branch { fill: none; stroke: #cfd4cc; stroke-width: 2; }
              .branch.empty { stroke: #e6e8e2; stroke-dasharray: 2 5; }
              .stem { fill: none; stroke-width: 6; stroke-linecap: round; stroke-linejoin: round; opacity: .82; }
              .small .stem { stroke-width: 4.4; }
              .unmerged { fill: none; stroke: #e0912f; stroke-width: 2.4; stroke-dasharray: 1 7; stroke-linecap: round; }
              .blank { fill: #fbfaf6; stroke: #b9c0b7; stroke-width: 1.4; stroke-dasharray: 3 2.4; }
              .dot { fill: #d9ddd5; }
              .parent { stroke: #fbfaf6; stroke-width: 2.5; }
              .leaf { stroke: #fbfaf6; stroke-width: 1.5; }
              .ring { fill: #fbfaf6; stroke: #e0912f; stroke-width: 2; stroke-dasharray: 4 3; }
              .card { fill: #ffffff; stroke: #d5dad2; stroke-width: 1.2; }
              .card.unmergedCard { stroke: #e0912f; stroke-width: 1.8; stroke-dasharray: 4 3; }
              .key { font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11.5px; fill: #ffffff;
                     text-anchor: middle; }
              .mono { font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11px; fill: #66716a;
                      text-anchor: middle; }
              .name { font-size: 13px; font-weight: 600; text-anchor: middle; }
              .index { font-size: 9.5px; fill: #8b948d; text-anchor: middle; }
              .note { font-size: 10.5px; fill: #b86a10; }
              .side { font-size: 11.5px; }
              .side .faint { font-size: 9.5px; fill: #8b948d;
                             font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
              .legend { font-size: 11px; fill: #66716a; }
            """;

    private final StringBuilder out = new StringBuilder(1 << 14);

    /**
     * An entry of the legend.
     *
     * @param colour the colour
     * @param text what it stands for
     */
    record Swatch(String colour, String text) {}

    /** @param small whether lines are thin, for trees with many leaves */
    void begin(double width, double height, boolean small) {
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\""
                + number(height) + (small ? "\" class=\"small" : "") + "\" viewBox=\"0 0 " + number(width) + " "
                + number(height) + "\">\n");
        out.append("<style>\n").append(STYLE).append("</style>\n");
        out.append("<rect width=\"100%\" height=\"100%\" fill=\"#fbfaf6\"/>\n");
    }

    void header(String title, String subtitle) {
        text("title", 28, 40, title, "");
        text("subtitle", 28, 61, subtitle, "");
    }

    void path(String style, String commands, String colour) {
        out.append("<path class=\"" + style + "\" d=\"" + commands + "\""
                + (colour.isEmpty() ? "" : " stroke=\"" + colour + "\"") + "/>\n");
    }

    /** Begins a group that tells {@code about} when pointed at. */
    void open(String about) {
        out.append("<g><title>").append(escape(about)).append("</title>\n");
    }

    void close() {
        out.append("</g>\n");
    }

    void circle(String style, Point at, double radius, String colour) {
        out.append("<circle class=\"" + style + "\" cx=\"" + number(at.x()) + "\" cy=\"" + number(at.y()) + "\" r=\""
                + number(radius) + "\"" + (colour.isEmpty() ? "" : " fill=\"" + colour + "\"") + "/>\n");
    }

    void blank(Point at, double radius, String about) {
        open(about);
        circle(radius < 2 ? "dot" : "blank", at, radius, "");
        close();
    }

    void card(double left, double top, String colour, boolean unmerged) {
        rect("card" + (unmerged ? " unmergedCard" : ""), left, top, TopDownLayout.CARD_HEIGHT);
        out.append("<rect x=\"" + number(left + 14) + "\" y=\"" + number(top - 2.5) + "\" width=\""
                + number(TopDownLayout.CARD_WIDTH - 28) + "\" height=\"5\" rx=\"2.5\" fill=\"" + colour + "\"/>\n");
    }

    void blankCard(double left, double top, String about) {
        open(about);
        rect("blank", left, top, TopDownLayout.CARD_HEIGHT);
        close();
    }

    private void rect(String style, double left, double top, double height) {
        out.append("<rect class=\"" + style + "\" x=\"" + number(left) + "\" y=\"" + number(top) + "\" width=\""
                + number(TopDownLayout.CARD_WIDTH) + "\" height=\"" + number(height) + "\" rx=\"9\"/>\n");
    }

    void text(String style, double x, double y, String text, String attributes) {
        if (!text.isEmpty()) {
            out.append("<text class=\"" + style + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\"" + attributes
                            + ">")
                    .append(escape(text))
                    .append("</text>\n");
        }
    }

    /** Text that runs away from the middle of the picture, turned so that nobody reads upside down. */
    void radial(Point at, double angle, String name, String faint) {
        boolean isLeft = angle > 90 && angle < 270;
        String place = "translate(" + at + ") rotate(" + number(isLeft ? angle + 180 : angle) + ")";
        String anchor = isLeft ? "end" : "start";
        String details = "<tspan class=\"faint\">" + escape(faint) + "</tspan>";
        out.append("<text class=\"side\" transform=\"" + place + "\" x=\"" + (isLeft ? -12 : 12)
                + "\" y=\"4\" text-anchor=\""
                + anchor + "\">"
                + (isLeft ? details + "  " + escape(name) : escape(name) + "  " + details) + "</text>\n");
    }

    void legend(double width, double height, List<Swatch> swatches) {
        double x = 28;
        double y = height - 26;
        if (!swatches.isEmpty()) {
            text("legend", x, y - 22, "a stem runs from the leaf that committed to the parents whose keys it made", "");
            swatches(x + 446, y - 22, width - 60, swatches);
        }
        circle("blank", new Point(x + 6, y - 4), 5, "");
        text("legend", x + 18, y, "blank", "");
        path("unmerged", "M " + number(x + 70) + " " + number(y - 4) + " h 34", "");
        text("legend", x + 112, y, "unmerged: this leaf does not hold the keys above it", "");
    }

    private void swatches(double left, double y, double right, List<Swatch> swatches) {
        double x = left;
        for (int i = 0; i < swatches.size(); i++) {
            Swatch swatch = swatches.get(i);
            double next = x + 30 + 7.0 * swatch.text().length();
            if (next > right) {
                text("legend", x, y, "+ " + (swatches.size() - i), "");
                return;
            }
            circle("leaf", new Point(x, y - 4), 5, swatch.colour());
            text("legend", x + 9, y, swatch.text(), "");
            x = next;
        }
    }

    String end() {
        return out.append("</svg>\n").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
