package org.coppice.mls.credential;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.ExtensionType;

/**
 * An extension of any type (RFC 9420 §7.2).
 *
 * @param type its type, known or not
 * @param data its content, not parsed
 */
public record Extension(ExtensionType type, Bytes data) implements Encodable {
    /** Checks that nothing is missing. */
    public Extension {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(data, "data");
    }

    /** Reads {@code Extension}. */
    public static Extension decode(TlsReader in) throws DecodeException {
        return new Extension(ExtensionType.decode(in), in.vector());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.struct(type).vector(data);
    }

    /** Without the content, which may name somebody. */
    @Override
    public String toString() {
        return "Extension[" + type + ", " + data.length() + " bytes]";
    }
}
