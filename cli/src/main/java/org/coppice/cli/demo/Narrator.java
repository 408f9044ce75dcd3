package org.coppice.cli.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.coppice.cli.Style;

/** Tells the story in lines of at most 78 columns, or what the terminal has. */
final class Narrator {
    private static final int MAX_WIDTH = 78;
    /** Where fewer columns are left for the names of the readers, they get a line of their own. */
    private static final int MIN_READERS = 25;

    private static final String INDENT = "   ";
    private static final int SPEECH = 45;
    private static final int MAX_NAMED = 5;

    private final PrintStream out;
    private final boolean colours;
    private final int width;
    private int chapter;

    /** @param columns how many fit into a line of {@code out} */
    Narrator(PrintStream out, boolean colours, int columns) {
        this.out = out;
        this.colours = colours;
        this.width = Math.min(MAX_WIDTH, columns);
    }

    PrintStream out() {
        return out;
    }

    boolean colours() {
        return colours;
    }

    /** The first lines. */
    void title(String title, String subtitle) {
        out.println();
        out.println(INDENT + Style.STRONG.apply(title, colours));
        paragraph(Style.FAINT, subtitle);
    }

    /** Begins a chapter. */
    void chapter(String title) {
        chapter++;
        out.println();
        // Who reads along through a pipe gets whole chapters.
        out.flush();
        rule(" " + chapter + "  " + title + " ");
    }

    /** A heading without a number. */
    void heading(String title) {
        out.println();
        rule(" " + title + " ");
    }

    private void rule(String title) {
        String line = "──" + title + "─".repeat(Math.max(0, width - 2 - title.length()));
        out.println(Style.TITLE.apply(line, colours));
    }

    /** A sentence of the story, in as many lines as it needs. */
    void tell(String sentence) {
        paragraph(null, sentence);
    }

    private void paragraph(Style style, String text) {
        for (String line : wrap(text, width - INDENT.length())) {
            out.println(INDENT + (style == null ? line : style.apply(line, colours)));
        }
    }

    /** Something that was checked and is so. */
    void holds(String what) {
        marked(Style.GOOD, "✓", what);
    }

    /** Somebody who shall not, and cannot. */
    void denied(String what) {
        marked(Style.NOTICE, "⊘", what);
    }

    /** Something that should be so and is not. */
    void broken(String what) {
        marked(Style.BAD, "✗", what);
    }

    /** Something bad that is as it must be at this point. */
    void alas(String what) {
        marked(Style.BAD, "!", what);
    }

    private void marked(Style style, String mark, String text) {
        List<String> lines = wrap(text, width - INDENT.length() - 2);
        out.println(INDENT + style.apply(mark, colours) + " " + lines.get(0));
        lines.stream().skip(1).forEach(line -> out.println(INDENT + "  " + line));
    }

    /** Somebody speaks, and is read by others. */
    void speech(String speaker, String text, List<String> readers) {
        String said = speaker + ": “" + text + "”";
        boolean fits = width - INDENT.length() - SPEECH >= MIN_READERS;
        String gap = fits ? " ".repeat(Math.max(2, SPEECH - said.length())) : "\n" + INDENT + INDENT;
        out.println(INDENT
                + Style.NAME.apply(speaker, colours)
                + said.substring(speaker.length())
                + gap
                + (readers.isEmpty() ? Style.BAD.apply("✗ ", colours) : Style.GOOD.apply("✓ ", colours))
                + Style.FAINT.apply(names(readers), colours));
    }

    /** A line of the summary. */
    void fact(String name, boolean holds, String what) {
        Style style = holds ? Style.GOOD : Style.BAD;
        List<String> lines = wrap(what, width - INDENT.length() - 28);
        out.println(INDENT
                + style.apply(holds ? "✓ " : "✗ ", colours)
                + Style.STRONG.apply(pad(name, 26), colours)
                + lines.get(0));
        lines.stream().skip(1).forEach(line -> out.println(INDENT + " ".repeat(28) + line));
    }

    void blank() {
        out.println();
    }

    /** Names as long as they are few, otherwise how many. */
    static String names(List<String> names) {
        if (names.isEmpty()) {
            return "nobody";
        }
        return names.size() <= MAX_NAMED ? String.join(", ", names) : "all " + names.size() + " others";
    }

    /** Names as part of a sentence. */
    static String and(List<String> names) {
        if (names.size() > MAX_NAMED) {
            return String.join(", ", names.subList(0, 3)) + " and " + (names.size() - 3) + " others";
        }
        int last = names.size() - 1;
        return last <= 0
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
