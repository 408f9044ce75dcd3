package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * Names a key package by its hash (RFC 9420 §5.2).
 *
 * @param value the hash, as long as the hash of the package's cipher suite
 */
public record KeyPackageRef(Bytes value) implements Encodable {
    /** Checks that it is there. */
    public KeyPackageRef {
        Objects.requireNonNull(value, "value");
    }

    /** Reads {@code HashReference}. */
    public static KeyPackageRef decode(TlsReader in) throws DecodeException {
        return new KeyPackageRef(in.vector());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.vector(value);
    }
}
