package org.coppice.client.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/**
 * What the application data of MLS messages hold (RFC 9750 §6.9), version 1:
 *
 * <pre>
 *   struct {
 *     uint8 version = 1;
 *     opaque message_id[16];
 *     uint64 sent_at;                 milliseconds since 1970 by the sender's clock
 *     opaque content_type&lt;V&gt;;        a media type in UTF-8, such as text/plain;charset=utf-8
 *     opaque body&lt;V&gt;;
 *     Field fields&lt;V&gt;;               struct { uint16 type; opaque data&lt;V&gt;; }, each type once; unknown ones are kept
 *   } Payload;
 * </pre>
 *
 * <p>A later version that cannot be read by this rule gets another version number; additions get a field.
 *
 * @param id names the message
 * @param sentAtMillis when the sender says it was sent, in milliseconds since 1970-01-01T00:00:00Z
 * @param contentType what the body is
 * @param body the body
 * @param fields additions
 */
public record Payload(MessageId id, long sentAtMillis, String contentType, Bytes body, List<Field> fields)
        implements Encodable {
    /** The version of the encoding. */
    public static final int VERSION = 1;

    /** The content type of a text. */
    public static final String TEXT = "text/plain;charset=utf-8";

    private static final int MAX_CONTENT_TYPE = 255;

    /** Copies the list and checks the content type's length, 1 to 255 bytes. */
    public Payload {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(body, "body");
        fields = List.copyOf(fields);
        int length = contentType.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > MAX_CONTENT_TYPE) {
            throw new IllegalArgumentException("a content type has 1 to " + MAX_CONTENT_TYPE + " bytes");
        }
        if (fields.stream().map(Field::type).distinct().count() < fields.size()) {
            throw new IllegalArgumentException("a type of field twice");
        }
    }

    /**
     * An addition to a payload.
     *
     * @param type which, uint16; 0xf000 and above are for applications
     * @param data its content
     */
    public record Field(int type, Bytes data) implements Encodable {
        /** Checks that the number is a uint16. */
        public Field {
            if (type < 0 || type > 0xffff) {
                throw new IllegalArgumentException("the type of a field is a uint16");
            }
            Objects.requireNonNull(data, "data");
        }

        static Field decode(TlsReader in) throws DecodeException {
            return new Field(in.uint16(), in.vector());
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.uint16(type).vector(data);
        }

        /** Without the content. */
        @Override
        public String toString() {
            return "Field[0x" + Integer.toHexString(type) + ", " + data.length() + " bytes]";
        }
    }

    /** A text. */
    public static Payload text(MessageId id, long sentAtMillis, String text) {
        return new Payload(id, sentAtMillis, TEXT, Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)), List.of());
    }

    /** The text, if that is what the body is. */
    public Optional<String> text() {
        return contentType.equals(TEXT) ? Text.of(body) : Optional.empty();
    }

    /** Reads the structure. */
    public static Payload decode(TlsReader in) throws DecodeException {
        int version = in.uint8();
        if (version != VERSION) {
            throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "application data of version " + version);
        }
        try {
            return new Payload(
                    MessageId.decode(in),
                    in.uint64(),
                    Text.read(in),
                    in.vector().compact(),
                    in.list(Field::decode));
        } catch (IllegalArgumentException e) {
            throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "application data of no valid form");
        }
    }

    /**
     * Reads a whole payload.
     *
     * @throws DecodeException if it is malformed or of another version
     */
    public static Payload decode(Bytes data) throws DecodeException {
        Decoder<Payload> decoder = Payload::decode;
        return decoder.decodeAll(data, org.coppice.mls.codec.DecodeLimits.DEFAULT);
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint8(VERSION)
                .struct(id)
                .uint64(sentAtMillis)
                .vector(contentType.getBytes(StandardCharsets.UTF_8))
                .vector(body)
                .list(fields);
    }

    /** Id, type and length; never the body. */
    @Override
    public String toString() {
        return "Payload[" + id + ", " + contentType + ", " + body.length() + " bytes]";
    }
}
