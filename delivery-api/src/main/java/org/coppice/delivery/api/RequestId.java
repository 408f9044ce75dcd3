package org.coppice.delivery.api;

import java.util.Objects;
import java.util.UUID;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.DecodeException;

/**
 * Names one write of one client, so that sending it again does it once: 128 random bits. As text a UUID in lower case.
 *
 * @param value the bits
 */
public record RequestId(UUID value) implements Encodable {
    /** Checks that it is there. */
    public RequestId {
        Objects.requireNonNull(value, "value");
    }

    /** A new one. */
    public static RequestId random(Randomness randomness) {
        byte[] bits = randomness.bytes(16);
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = high << 8 | bits[i] & 0xff;
            low = low << 8 | bits[8 + i] & 0xff;
        }
        return new RequestId(new UUID(high, low));
    }

    /**
     * The id that a text stands for.
     *
     * @throws IllegalArgumentException unless it is exactly {@link #toString()} of one
     */
    public static RequestId parse(String text) {
        RequestId id = new RequestId(UUID.fromString(text));
        // UUID.fromString also takes shorter and upper-case forms: two texts for one id.
        if (!id.toString().equals(text)) {
            throw new IllegalArgumentException("a request id is a UUID in lower case, in its full length");
        }
        return id;
    }

    /** Reads 16 bytes. */
    public static RequestId decode(TlsReader in) throws DecodeException {
        long high = in.uint64();
        return new RequestId(new UUID(high, in.uint64()));
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint64(value.getMostSignificantBits()).uint64(value.getLeastSignificantBits());
    }

    /** The UUID's text. */
    @Override
    public String toString() {
        return value.toString();
    }
}
