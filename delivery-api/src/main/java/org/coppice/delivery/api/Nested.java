package org.coppice.delivery.api;

import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;

/** Structures inside {@code opaque<V>}, and tags of closed sets. */
final class Nested {
    private Nested() {}

    /** Reads {@code opaque x<V>} that holds exactly one message. */
    static MlsMessage message(TlsReader in) throws DecodeException {
        return whole(in, MlsMessage::decode);
    }

    /** Reads {@code opaque x<V>} that holds exactly one {@code T}. */
    static <T> T whole(TlsReader in, Decoder<T> decoder) throws DecodeException {
        TlsReader inner = in.sub();
        T value = decoder.decode(inner);
        inner.expectEnd();
        return value;
    }

    /** Appends {@code value} as {@code opaque x<V>}. */
    static TlsWriter write(TlsWriter out, Encodable value) {
        int mark = out.open();
        return out.struct(value).close(mark);
    }

    /** Appends {@code optional<opaque x<V>>} of a structure. */
    static TlsWriter writeOptional(TlsWriter out, Optional<? extends Encodable> value) {
        out.uint8(value.isPresent() ? 1 : 0);
        value.ifPresent(present -> write(out, present));
        return out;
    }

    /** Appends {@code optional<opaque x<V>>}. */
    static TlsWriter writeOptionalBytes(TlsWriter out, Optional<Bytes> value) {
        out.uint8(value.isPresent() ? 1 : 0);
        value.ifPresent(out::vector);
        return out;
    }

    /** The refusal of a tag that was read at {@code offset}. */
    static DecodeException unknownTag(int tag, int offset, String what) {
        return new DecodeException(Rule.UNKNOWN_DISCRIMINATOR, offset, what + " " + tag);
    }

    /** The refusal of a list that was read at {@code offset}. */
    static DecodeException tooMany(int limit, int offset, String what) {
        return new DecodeException(Rule.SIZE_LIMIT, offset, "more than " + limit + " " + what);
    }

    /** Throws {@link IllegalArgumentException} if {@code value}, a count or a time, is negative. */
    static void checkNotNegative(long value, String what) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " is negative");
        }
    }

    /** Reads a uint64 that must fit a positive {@code long}: sequence numbers and times. */
    static long positive(TlsReader in, String what) throws DecodeException {
        int offset = in.offset();
        long value = in.uint64();
        if (value < 0) {
            throw new DecodeException(Rule.SIZE_LIMIT, offset, what + " above 2^63 - 1");
        }
        return value;
    }
}
