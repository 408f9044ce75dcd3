package org.coppice.cli.inspect;

import java.io.PrintStream;
import java.util.List;
import org.coppice.cli.Style;

/** Prints fields as a tree, each with its place in the input. */
final class TextView {
    private static final int SHORT_BYTES = 16;

    private final PrintStream out;
    private final boolean colours;
    private final boolean full;

    /**
     * @param out where to print
     * @param colours whether to colour
     * @param full whether to print long values whole
     */
    TextView(PrintStream out, boolean colours, boolean full) {
        this.out = out;
        this.colours = colours;
        this.full = full;
    }

    void print(Field root) {
        out.println(Style.FAINT.apply("offset   bytes", colours));
        line(root, "", "");
    }

    private void line(Field field, String here, String below) {
        String place = String.format("%06x %7d  ", field.offset(), field.length());
        out.println(Style.FAINT.apply(place, colours) + Style.LINE.apply(here, colours) + describe(field));
        List<Field> children = field.children();
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            line(children.get(i), below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
        }
    }

    private String describe(Field field) {
        StringBuilder line = new StringBuilder();
        boolean isStructure = !field.children().isEmpty() || field.value().isEmpty();
        line.append(Style.NAME.apply(field.name(), colours));
        if (isStructure && !field.type().equals(field.name())) {
            line.append(' ').append(field.type());
        }
        if (!field.section().isEmpty()) {
            line.append(Style.FAINT.apply(" §" + field.section(), colours));
        }
        if (!field.value().isEmpty()) {
            line.append(": ").append(Style.VALUE.apply(value(field), colours));
        }
        if (!field.meaning().isEmpty()
                && !(field.value().isEmpty() && field.type().equals("opaque<V>"))) {
            line.append(isStructure ? " (" : "  ").append(meaning(field)).append(isStructure ? ")" : "");
        } else if (isStructure && field.children().isEmpty() && field.length() == 1) {
            line.append(Style.FAINT.apply(" (empty)", colours));
        }
        if (field.isBroken()) {
            line.append(Style.BAD.apply("  <- here", colours));
        }
        return line.toString();
    }

    private String meaning(Field field) {
        boolean unknown = field.meaning().startsWith(Names.UNKNOWN);
        return unknown ? Style.NOTICE.apply(field.meaning(), colours) : field.meaning();
    }

    private String value(Field field) {
        if (field.isNumber()) {
            boolean codePoint = field.type().equals("uint16");
            return codePoint ? String.format("0x%04x", Integer.parseInt(field.value())) : field.value();
        }
        int bytes = field.value().length() / 2;
        return full || bytes <= SHORT_BYTES + 4
                ? field.value()
                : field.value().substring(0, 2 * SHORT_BYTES) + ".. (" + bytes + " bytes)";
    }
}
