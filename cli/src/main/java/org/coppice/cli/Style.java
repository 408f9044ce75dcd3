package org.coppice.cli;

/** Colours by what they mean. Each also works without colour: none carries information alone. */
public enum Style {
    /** What matters most. */
    STRONG("1"),
    /** What can be skipped. */
    FAINT("2"),
    /** A check that held. */
    GOOD("32"),
    /** A check that failed. */
    BAD("1;31"),
    /** A warning, or something that stands out. */
    NOTICE("33"),
    /** Names of fields and people. */
    NAME("36"),
    /** Structure: lines of tables and trees. */
    LINE("90"),
    /** Headings. */
    TITLE("1;34"),
    /** Numbers and code points. */
    VALUE("35");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** The text with this style, if {@code colours} are wanted. */
    public String apply(String text, boolean colours) {
        return colours && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
