package org.coppice.mls.crypto;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * A single-shot HPKE encryption (RFC 9420 §7.6).
 *
 * @param kemOutput the encapsulated key
 * @param ciphertext the encrypted message with its tag
 */
public record HpkeCiphertext(Bytes kemOutput, Bytes ciphertext) implements Encodable {
    /** Checks that nothing is missing. */
    public HpkeCiphertext {
        Objects.requireNonNull(kemOutput, "kemOutput");
        Objects.requireNonNull(ciphertext, "ciphertext");
    }

    /** Reads {@code HPKECiphertext}. */
    public static HpkeCiphertext decode(TlsReader in) throws DecodeException {
        return new HpkeCiphertext(in.vector(), in.vector());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.vector(kemOutput).vector(ciphertext);
    }
}
