package org.coppice.client.model;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.error.DecodeException;

/**
 * Names one message for good: 16 random bytes of its sender. A second message of this name by the same sender is a replay
 * (RFC 9750 §8.6) and is dropped.
 *
 * @param value the bytes
 */
public record MessageId(Bytes value) implements Encodable {
    private static final int LENGTH = 16;

    /** Checks the length. */
    public MessageId {
        if (value.length() != LENGTH) {
            throw new IllegalArgumentException("a message id has " + LENGTH + " bytes");
        }
    }

    /** A new one. */
    public static MessageId random(Randomness randomness) {
        return new MessageId(Bytes.wrap(randomness.bytes(LENGTH)));
    }

    /** Reads 16 bytes. */
    public static MessageId decode(TlsReader in) throws DecodeException {
        return new MessageId(in.raw(LENGTH).compact());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.raw(value);
    }

    /** Hexadecimal digits. */
    @Override
    public String toString() {
        return value.toHex();
    }
}
