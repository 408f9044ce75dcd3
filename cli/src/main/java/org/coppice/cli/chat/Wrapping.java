package org.coppice.cli.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coppice.cli.Columns;

/** Makes lines fit: breaks them between words, where a terminal would break them anywhere. */
final class Wrapping {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final String INDENT = "  ";

    private final String line;
    private final int columns;
    private final StringBuilder out = new StringBuilder();
    /** Columns of the present row. */
    private int width;
    /** Where the present row can be broken, in {@link #out}; 0 if nowhere. */
    private int gap;
    /** {@link #width} at the gap. */
    private int widthAtGap;

    private Wrapping(String line, int columns) {
        this.line = line;
        this.columns = columns;
    }

    /** A line, maybe with colours, in rows of so many columns at most; a word that is longer is left to the terminal. */
    static String wrap(String line, int columns) {
        return columns <= INDENT.length() ? line : new Wrapping(line, columns).run();
    }

    private String run() {
        Matcher colour = COLOUR.matcher(line);
        int i = 0;
        while (i < line.length()) {
            if (colour.region(i, line.length()).lookingAt()) {
                out.append(colour.group());
                i = colour.end();
                continue;
            }
            int c = line.codePointAt(i);
            if (c == ' ' && width > INDENT.length()) {
                gap = out.length();
                widthAtGap = width;
            }
            out.appendCodePoint(c);
            width += Columns.of(c);
            if (width > columns && gap > 0 && c != ' ') {
                breakAtGap();
            }
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private void breakAtGap() {
        int end = gap;
        while (end < out.length() && out.charAt(end) == ' ') {
            end++;
        }
        width += INDENT.length() - widthAtGap - (end - gap);
        out.replace(gap, end, "\n" + INDENT);
        gap = 0;
    }
}
