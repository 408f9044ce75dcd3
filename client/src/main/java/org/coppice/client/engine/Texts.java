package org.coppice.client.engine;

import java.nio.charset.StandardCharsets;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** Texts in records, as {@code opaque<V>} of UTF-8. */
final class Texts {
    private Texts() {}

    static void write(TlsWriter out, String text) {
        out.vector(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads what {@link #write} wrote, and nothing else. */
    static String read(TlsReader in) throws DecodeException {
        Bytes encoded = in.vector();
        String out = new String(encoded.toByteArray(), StandardCharsets.UTF_8);
        if (!Bytes.wrap(out.getBytes(StandardCharsets.UTF_8)).equals(encoded)) {
            throw in.error(Rule.STORED_STATE, "a text that is no UTF-8");
        }
        return out;
    }
}
