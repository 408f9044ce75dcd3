package org.coppice.delivery.api;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** Names as {@code opaque<V>} of ASCII. */
final class Text {
    private Text() {}

    /** Whether {@code value} has 1 to {@code max} characters of a-z, 0-9 and {@code others}, the first none of the others. */
    static boolean isName(String value, int max, String others) {
        if (value.isEmpty() || value.length() > max || others.indexOf(value.charAt(0)) >= 0) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || others.indexOf(c) >= 0)) {
                return false;
            }
        }
        return true;
    }

    static Bytes bytes(String value) {
        return Bytes.wrap(value.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Reads a text of at most {@code max} bytes and parses it.
     *
     * @param parser throws {@link IllegalArgumentException} for what it does not accept
     */
    static <T> T read(TlsReader in, int max, Function<String, T> parser, String what) throws DecodeException {
        int start = in.mark();
        int offset = in.offset();
        Bytes raw = in.vector();
        if (raw.length() > max) {
            throw new DecodeException(Rule.SIZE_LIMIT, offset, what + " of more than " + max + " bytes");
        }
        try {
            // Latin 1 keeps each byte one character, so none outside ASCII can pass for one inside.
            return parser.apply(new String(raw.toByteArray(), StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new DecodeException(
                    Rule.UNKNOWN_DISCRIMINATOR,
                    offset,
                    "the " + in.since(start).length() + " bytes here are not " + what);
        }
    }
}
