package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;

/**
 * One field of an encoding in the TLS presentation language (RFC 9420 §2.1), with the fields inside it. Mutable: this is what
 * mutations work on. Whatever is done to a field, the lengths around it follow when it is encoded.
 *
 * <p>A field is named by its path from the root, such as {@code content/commit/proposals/0/proposal/removed}.
 */
public final class Field {
    /** What a field is made of. */
    public enum Kind {
        /** A big-endian number of 1 to 8 bytes. */
        NUMBER,
        /** Bytes without a length, whose number is fixed. */
        FIXED,
        /** Bytes without a length, to the end. */
        REST,
        /** {@code opaque<V>}. */
        OPAQUE,
        /** Fields one after the other. */
        STRUCT,
        /** {@code T<V>}. */
        LIST,
        /** {@code opaque<V>} whose content is a structure of its own. */
        ENVELOPE
    }

    private final String name;
    private final Kind kind;
    private byte[] content;
    private final List<Field> parts;
    private LengthForm lengthForm = LengthForm.RIGHT;
    private boolean pinned;

    private Field(String name, Kind kind, byte[] content, List<Field> parts) {
        this.name = name;
        this.kind = kind;
        this.content = content;
        this.parts = parts;
    }

    /** A field without fields inside. */
    static Field leaf(String name, Kind kind, byte[] content) {
        return new Field(name, kind, content, new ArrayList<>());
    }

    /** A field of fields. */
    static Field node(String name, Kind kind, List<Field> parts) {
        return new Field(name, kind, null, new ArrayList<>(parts));
    }

    /** The same field under another name, as an element of another list has one. */
    Field named(String other) {
        Field out = new Field(other, kind, content == null ? null : content.clone(), new ArrayList<>());
        parts.forEach(part -> out.parts.add(part.copy()));
        out.lengthForm = lengthForm;
        out.pinned = pinned;
        return out;
    }

    /** The same once more, to be changed apart. */
    public Field copy() {
        return named(name);
    }

    // ---- what it is

    /** The last part of its path. */
    public String name() {
        return name;
    }

    /** What it is made of. */
    public Kind kind() {
        return kind;
    }

    /** Whether it holds bytes, not fields. */
    public boolean isLeaf() {
        return content != null;
    }

    /** Whether its encoding begins with a length. */
    public boolean hasLength() {
        return kind == Kind.OPAQUE || kind == Kind.LIST || kind == Kind.ENVELOPE;
    }

    /** Whether it is an element of a list, named by its position. */
    boolean isElement() {
        return Character.isDigit(name.charAt(0));
    }

    /** Whether it is laid out like another: of the same kind, with like fields inside, or like elements if both have some. */
    boolean isLike(Field other) {
        if (kind != other.kind) {
            return false;
        }
        if (kind == Kind.LIST) {
            return parts.isEmpty() || other.parts.isEmpty() || parts.get(0).isLike(other.parts.get(0));
        }
        boolean like = parts.size() == other.parts.size();
        for (int i = 0; like && i < parts.size(); i++) {
            like = parts.get(i).name.equals(other.parts.get(i).name);
        }
        return like;
    }

    /** The fields inside; changes go through. */
    List<Field> parts() {
        return parts;
    }

    /** The bytes of a leaf. */
    public byte[] content() {
        return content.clone();
    }

    /** The bytes of a leaf as a value. */
    Bytes bytes() {
        return Bytes.copyOf(content);
    }

    /** The value of a number of at most eight bytes. */
    long number() {
        long out = 0;
        for (byte b : content) {
            out = out << 8 | b & 0xff;
        }
        return out;
    }

    /** The field at a path below this one. */
    public Optional<Field> find(String path) {
        Field at = this;
        for (String step : path.split("/")) {
            Optional<Field> next =
                    at.parts.stream().filter(part -> part.name.equals(step)).findFirst();
            if (next.isEmpty()) {
                return next;
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    /** The field at a path that the schema promises. */
    Field get(String path) {
        return find(path).orElseThrow(() -> new IllegalArgumentException("no field " + path + " in " + name));
    }

    /** Hands this field and all below it to {@code out} with their paths from here, this one's being empty. */
    public void forEach(PathConsumer out) {
        visit("", out);
    }

    private void visit(String path, PathConsumer out) {
        out.accept(path, this);
        for (Field part : List.copyOf(parts)) {
            part.visit(path.isEmpty() ? part.name : path + "/" + part.name, out);
        }
    }

    /** Takes a field and its path. */
    @FunctionalInterface
    public interface PathConsumer {
        void accept(String path, Field field);
    }

    // ---- changes

    /** Replaces the bytes of a leaf, unless they were fixed by a mutation. */
    void derive(byte[] value) {
        if (!pinned) {
            content = value.clone();
        }
    }

    /** Replaces the bytes of a leaf, unless they were fixed by a mutation. */
    void derive(Bytes value) {
        derive(value.toByteArray());
    }

    /** Replaces the bytes of a leaf for good: nothing that is computed overwrites them any more. */
    void pin(byte[] value) {
        content = value.clone();
        pinned = true;
    }

    /** Takes over everything of another field of the same kind, for good. */
    void pinAs(Field other) {
        content = other.content == null ? null : other.content.clone();
        parts.clear();
        other.parts.forEach(part -> parts.add(part.copy()));
        pinned = true;
    }

    /** Changes the list of fields inside, for good, and numbers them anew. */
    void pinParts(Consumer<List<Field>> change) {
        change.accept(parts);
        for (int i = 0; kind == Kind.LIST && i < parts.size(); i++) {
            parts.set(i, parts.get(i).named(Integer.toString(i)));
        }
        pinned = true;
    }

    /** Writes the length in another form than the right one. */
    void lie(LengthForm form) {
        lengthForm = form;
        pinned = true;
    }

    /** How its length is written. */
    LengthForm lengthForm() {
        return lengthForm;
    }

    /** Whether a mutation fixed this field as a whole. */
    boolean isPinned() {
        return pinned;
    }

    /** Whether a mutation fixed this field or one below it. */
    boolean isTouched() {
        return pinned || parts.stream().anyMatch(Field::isTouched);
    }

    /** Puts what mutations fixed in {@code mutated} into this newly made structure, wherever it has such a field. */
    void graft(Field mutated) {
        if (mutated.pinned && mutated.kind == kind) {
            pinAs(mutated);
            lengthForm = mutated.lengthForm;
            return;
        }
        for (Field part : mutated.parts) {
            find(part.name).ifPresent(own -> own.graft(part));
        }
    }

    // ---- encoding

    /** The encoding, with right lengths but where a mutation wants wrong ones. */
    public byte[] encode() {
        TlsWriter out = new TlsWriter();
        encodeTo(out);
        return out.toByteArray();
    }

    /** The encoding as a value. */
    Bytes encoded() {
        return Bytes.wrap(encode());
    }

    private void encodeTo(TlsWriter out) {
        if (hasLength()) {
            byte[] body = body();
            lengthForm.write(out, body.length);
            out.raw(body);
        } else {
            out.raw(body());
        }
    }

    /** The encoding without the length. */
    byte[] body() {
        if (content != null) {
            return content.clone();
        }
        TlsWriter out = new TlsWriter();
        parts.forEach(part -> part.encodeTo(out));
        return out.toByteArray();
    }

    /** The encodings of the fields before {@code name}: what a signature at the end of a structure covers. */
    Bytes before(String last) {
        TlsWriter out = new TlsWriter();
        for (Field part : parts) {
            if (part.name.equals(last)) {
                break;
            }
            part.encodeTo(out);
        }
        return out.toBytes();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Field other && kind == other.kind && Arrays.equals(encode(), other.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return name + " (" + kind + ", " + body().length + " bytes)";
    }
}
