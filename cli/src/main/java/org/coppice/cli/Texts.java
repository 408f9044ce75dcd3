package org.coppice.cli;

/** Text of other people, made fit for a terminal. */
public final class Texts {
    private Texts() {}

    /**
     * One line in which nothing can move the cursor, colour, hide, or turn the direction of what follows: such characters become
     * U+FFFD, and line ends become a visible sign.
     */
    public static String oneLine(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.replace("\r\n", "\n").codePoints().forEach(c -> {
            if (c == '\n') {
                out.append(" ⏎ ");
            } else if (c == '\t') {
                out.append("    ");
            } else {
                out.appendCodePoint(isHarmless(c) ? c : 0xfffd);
            }
        });
        return out.toString();
    }

    /** The same, and no longer than {@code most} characters. */
    public static String oneLine(String text, int most) {
        String line = oneLine(text);
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** The same JSON with the control characters escaped that it would let stand: DEL, and those that some terminals obey as ESC [. */
    public static String json(String json) {
        StringBuilder out = new StringBuilder(json.length());
        json.chars().forEach(c -> {
            // They can stand in strings only.
            if (c >= 0x7f && c <= 0x9f) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            // Joiners make families of emoji, and words in some scripts; the rest turns directions or hides.
            case Character.FORMAT -> c == 0x200c || c == 0x200d || c == 0xad;
            default -> true;
        };
    }
}
