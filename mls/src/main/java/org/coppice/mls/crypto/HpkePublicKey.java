package org.coppice.mls.crypto;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * A public key of a suite's KEM (RFC 9420 §5.1.1): raw bytes or an uncompressed point.
 *
 * @param data the key's bytes, not checked
 */
public record HpkePublicKey(Bytes data) implements Encodable {
    /** Checks that nothing is missing. */
    public HpkePublicKey {
        Objects.requireNonNull(data, "data");
    }

    /** Reads {@code opaque HpkePublicKey<V>}. */
    public static HpkePublicKey decode(TlsReader in) throws DecodeException {
        return new HpkePublicKey(in.vector());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.vector(data);
    }
}
