package org.coppice.cli.inspect;

import java.util.ArrayList;
import java.util.List;

/** One field of an encoded object: where it stands, what it is, what it holds. A structure's fields are its children. */
final class Field {
    private final String name;
    private final String type;
    private final String section;
    private final int offset;
    private final List<Field> children = new ArrayList<>();
    private int length;
    private String value = "";
    private String meaning = "";
    private boolean number;
    private boolean broken;

    /**
     * @param name its name in the structure, as in RFC 9420
     * @param type its type in the presentation language, such as "uint16" or "LeafNode"
     * @param section where RFC 9420 defines it, such as "7.2"; empty for what needs no reference
     * @param offset of its first byte in the input
     */
    Field(String name, String type, String section, int offset) {
        this.name = name;
        this.type = type;
        this.section = section;
        this.offset = offset;
    }

    void end(int end) {
        length = end - offset;
    }

    void number(String decimal, String name) {
        value = decimal;
        meaning = name;
        number = true;
    }

    void bytes(String hex, String text) {
        value = hex;
        meaning = text;
    }

    void meaning(String text) {
        meaning = text;
    }

    /** Marks the field in which decoding ended. */
    void breakHere() {
        broken = true;
    }

    String name() {
        return name;
    }

    String type() {
        return type;
    }

    String section() {
        return section;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** Decimal digits of a number, hexadecimal digits of bytes, or empty. */
    String value() {
        return value;
    }

    /** What the value stands for: a name of the registries, a text, a time; or empty. */
    String meaning() {
        return meaning;
    }

    boolean isNumber() {
        return number;
    }

    boolean isBroken() {
        return broken;
    }

    List<Field> children() {
        return children;
    }
}
