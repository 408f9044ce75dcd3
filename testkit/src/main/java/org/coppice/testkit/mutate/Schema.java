package org.coppice.testkit.mutate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;

/** How a structure of RFC 9420 is laid out: reads an encoding into a {@link Field}. {@link Schemas} has those of the RFC. */
@FunctionalInterface
public interface Schema {
    /** Reads a field of this name. */
    Field read(String name, TlsReader in) throws DecodeException;

    /**
     * Reads a whole encoding.
     *
     * @throws DecodeException if it is not laid out like this, or bytes are left
     */
    default Field readAll(String name, Bytes encoding) throws DecodeException {
        TlsReader in = new TlsReader(encoding, DecodeLimits.DEFAULT);
        Field out = read(name, in);
        in.expectEnd();
        return out;
    }

    /** A number of so many bytes. */
    static Schema number(int bytes) {
        return (name, in) -> Field.leaf(name, Field.Kind.NUMBER, in.raw(bytes).toByteArray());
    }

    /** Bytes without a length. */
    static Schema fixed(int bytes) {
        return (name, in) -> Field.leaf(name, Field.Kind.FIXED, in.raw(bytes).toByteArray());
    }

    /** All bytes that are left. */
    static Schema rest() {
        return (name, in) ->
                Field.leaf(name, Field.Kind.REST, in.raw(in.remaining()).toByteArray());
    }

    /** {@code opaque<V>}. */
    static Schema opaque() {
        return (name, in) -> Field.leaf(name, Field.Kind.OPAQUE, in.vector().toByteArray());
    }

    /** {@code T<V>}; the elements are called "0", "1" and so on. */
    static Schema list(Schema element) {
        return (name, in) -> {
            TlsReader inside = in.sub();
            List<Field> parts = new ArrayList<>();
            while (inside.remaining() > 0) {
                parts.add(element.read(Integer.toString(parts.size()), inside));
            }
            return Field.node(name, Field.Kind.LIST, parts);
        };
    }

    /** {@code opaque<V>} with this structure inside, or with anything if it is not laid out like that. */
    static Schema envelope(Schema content) {
        return (name, in) -> {
            Bytes inside = in.vector();
            try {
                Field part = content.readAll("data", inside);
                return Field.node(name, Field.Kind.ENVELOPE, List.of(part));
            } catch (DecodeException e) {
                return Field.leaf(name, Field.Kind.OPAQUE, inside.toByteArray());
            }
        };
    }

    /** {@code optional<T>}: "present", and "value" if it is. */
    static Schema optional(Schema value) {
        return struct().with("present", number(1))
                .choose("value", before -> before.get("present").number() == 1 ? value : NOTHING)
                .done();
    }

    /** A field that is not there. */
    Schema NOTHING = (name, in) -> null;

    /** Begins a structure. */
    static Struct struct() {
        return new Struct();
    }

    /** A structure that is being described, field by field. */
    final class Struct {
        private record Part(String name, Function<Field, Schema> schema) {}

        private final List<Part> parts = new ArrayList<>();

        private Struct() {}

        /** The next field. */
        Struct with(String name, Schema schema) {
            return choose(name, before -> schema);
        }

        /** The next field, whose layout depends on the fields before it. */
        Struct choose(String name, Function<Field, Schema> schema) {
            parts.add(new Part(name, schema));
            return this;
        }

        /** The structure. */
        Schema done() {
            List<Part> all = List.copyOf(parts);
            return (name, in) -> {
                Field out = Field.node(name, Field.Kind.STRUCT, List.of());
                for (Part part : all) {
                    Field field = part.schema.apply(out).read(part.name, in);
                    if (field != null) {
                        out.parts().add(field);
                    }
                }
                return out;
            };
        }
    }
}
