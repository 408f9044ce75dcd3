package org.coppice.client.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** Texts as {@code opaque<V>} of UTF-8. */
final class Text {
    private Text() {}

    static void write(TlsWriter out, String text) {
        out.vector(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a string is a text: without halves of characters, which would be written as question marks. */
    static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Reads a text; one that is no UTF-8 is refused, as it would be written again as another. */
    static String read(TlsReader in) throws DecodeException {
        int offset = in.offset();
        return of(in.vector())
                .orElseThrow(() -> new DecodeException(Rule.UNKNOWN_DISCRIMINATOR, offset, "a text that is no UTF-8"));
    }

    /** The text that bytes are, if they are one. */
    static Optional<String> of(Bytes encoded) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(encoded.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
