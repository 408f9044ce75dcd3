package org.coppice.cli;

import org.jline.utils.WCWidth;

/** How much room a text takes in a terminal, where signs of the East and pictures take two columns, and accents none. */
public final class Columns {
    private Columns() {}

    /** The columns of one sign. */
    public static int of(int codePoint) {
        return Math.max(0, WCWidth.wcwidth(codePoint));
    }

    /** The columns of a text without colours. */
    public static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    /** What brings a text without colours to {@code width} columns. */
    public static String padding(String text, int width) {
        return " ".repeat(Math.max(0, width - of(text)));
    }

    /** As much of a text without colours as fits into less than so many columns; what is cut ends with a sign for that. */
    public static String cut(String text, int columns) {
        int width = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            width += of(text.codePointAt(i));
            if (width >= columns) {
                return text.substring(0, i) + "…";
            }
        }
        return text;
    }
}
