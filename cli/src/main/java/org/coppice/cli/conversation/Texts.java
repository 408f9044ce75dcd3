package org.coppice.cli.conversation;

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
