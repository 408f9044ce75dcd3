package org.coppice.cli.inspect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;

/**
 * Reads an encoded object field by field and writes down each field that it meets. The library's decoders give objects; this
 * one gives places, also of an object that is broken further on.
 */
final class Walker {
    /** Reads a part of an object. */
    @FunctionalInterface
    interface Part {
        /** Reads from {@code walker}. */
        void read(Walker walker) throws DecodeException;
    }

    /** Against a kind it counts more that an unknown type lets it swallow the rest than that single code points are unknown. */
    private static final int CATCH_ALL = 1000;

    private final Deque<Field> open = new ArrayDeque<>();
    private TlsReader in;
    private int strangers;

    private Walker(Field root, Bytes input) {
        this.in = new TlsReader(input, DecodeLimits.DEFAULT);
        open.push(root);
    }

    /**
     * What was found.
     *
     * @param root the object, as far as it could be read
     * @param fault why it could be read no further, or null
     * @param path the names from the root to the field at fault, or empty
     * @param hasForm whether it could be read to its end, so that only a rule beyond the form can be broken
     * @param strangers how many code points have no name: a hint that the object was taken for something else
     */
    record Walk(Field root, DecodeException fault, String path, boolean hasForm, int strangers) {
        boolean isComplete() {
            return fault == null;
        }
    }

    /** Reads all of {@code input} as one object. */
    static Walk walk(Bytes input, String type, String section, Part part) {
        Field root = new Field(type, type, section, 0);
        Walker walker = new Walker(root, input);
        try {
            part.read(walker);
            root.end(walker.in.offset());
            walker.in.expectEnd();
            return new Walk(root, null, "", true, walker.strangers);
        } catch (DecodeException e) {
            String path = walker.path();
            walker.open.peek().breakHere();
            walker.open.forEach(field -> field.end(Math.max(field.offset(), e.offset())));
            return new Walk(root, e, path, false, walker.strangers);
        }
    }

    /** From the second name on: the root is named in the message anyway. */
    private String path() {
        StringJoiner path = new StringJoiner(".");
        open.descendingIterator().forEachRemaining(field -> path.add(field.name()));
        String whole = path.toString().replace(".[", "[");
        int dot = whole.indexOf('.');
        return dot < 0 ? "" : whole.substring(dot + 1);
    }

    int uint8(String name, LongFunction<String> names) throws DecodeException {
        return Math.toIntExact(number(name, "uint8", in::uint8, names));
    }

    int uint16(String name, LongFunction<String> names) throws DecodeException {
        return Math.toIntExact(number(name, "uint16", in::uint16, names));
    }

    long uint32(String name) throws DecodeException {
        return number(name, "uint32", in::uint32, value -> "");
    }

    long uint64(String name, LongFunction<String> names) throws DecodeException {
        return number(name, "uint64", in::uint64, names);
    }

    /** Reads a number. */
    @FunctionalInterface
    private interface NumberReader {
        long read() throws DecodeException;
    }

    private long number(String name, String type, NumberReader reader, LongFunction<String> names)
            throws DecodeException {
        Field field = begin(name, type, "");
        long value = reader.read();
        String meaning = names.apply(value);
        if (meaning.startsWith(Names.UNKNOWN)) {
            strangers++;
        }
        field.number(Long.toUnsignedString(value), meaning);
        end();
        return value;
    }

    /** Reads {@code opaque x<V>}. */
    Bytes opaque(String name) throws DecodeException {
        return opaque(name, "opaque<V>", bytes -> "");
    }

    /** Reads {@code opaque x<V>} of a type with a name of its own. */
    Bytes opaque(String name, String type, Function<Bytes, String> meaning) throws DecodeException {
        Field field = begin(name, type, "");
        Bytes bytes = in.vector();
        field.bytes(bytes.toHex(), meaning.apply(bytes));
        end();
        return bytes;
    }

    /** Reads {@code opaque x[length]}. */
    Bytes raw(String name, int length) throws DecodeException {
        Field field = begin(name, "opaque[" + length + "]", "");
        Bytes bytes = in.raw(length);
        field.bytes(bytes.toHex(), "");
        end();
        return bytes;
    }

    /** Reads a structure. */
    void struct(String name, String type, String section, Part part) throws DecodeException {
        begin(name, type, section);
        part.read(this);
        end();
    }

    /** Reads {@code opaque x<V>} whose content is a structure itself. */
    void wrapped(String name, String type, String section, Part part) throws DecodeException {
        begin(name, type, section);
        TlsReader outer = in;
        in = outer.sub();
        part.read(this);
        in.expectEnd();
        in = outer;
        end();
    }

    /** Reads {@code T x<V>}; elements are named by their index. */
    void list(String name, String type, Part element) throws DecodeException {
        Field field = begin(name, type + "<V>", "");
        TlsReader outer = in;
        in = outer.sub();
        int count = 0;
        while (in.remaining() > 0) {
            index = count++;
            element.read(this);
        }
        field.meaning(count == 0 ? "empty" : count == 1 ? "1 entry" : count + " entries");
        in = outer;
        end();
    }

    private int index;

    /** The name of the element that {@link #list} is about to read. */
    String index() {
        return "[" + index + "]";
    }

    /** Reads {@code optional<T>}; an absent value is a field without children. */
    void optional(String name, String type, Part present) throws DecodeException {
        Field field = begin(name, "optional<" + type + ">", "");
        if (in.present()) {
            present.read(this);
        } else {
            field.meaning("absent");
        }
        end();
    }

    /** Says that what follows would take any bytes at all, because its type is unknown. */
    void takesAnything() {
        strangers += CATCH_ALL;
    }

    /** Says of the innermost open field what it stands for. */
    void remark(String text) {
        open.peek().meaning(text);
    }

    /** The reader, at the next field. */
    TlsReader reader() {
        return in;
    }

    private Field begin(String name, String type, String section) {
        Field field = new Field(name, type, section, in.offset());
        open.peek().children().add(field);
        open.push(field);
        return field;
    }

    private void end() {
        open.pop().end(in.offset());
    }
}
