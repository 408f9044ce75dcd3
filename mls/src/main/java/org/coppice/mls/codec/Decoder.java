package org.coppice.mls.codec;

import org.coppice.mls.error.DecodeException;

/**
 * Reads one structure from the front of a reader.
 *
 * @param <T> the structure
 */
@FunctionalInterface
public interface Decoder<T> {
    /**
     * Reads one structure and leaves the reader behind its last byte.
     *
     * @throws DecodeException if the bytes are not an encoding of the structure
     */
    T decode(TlsReader in) throws DecodeException;

    /**
     * Decodes an array that holds exactly one structure, within {@link DecodeLimits#DEFAULT}.
     *
     * @param input is not kept nor changed: it is copied first
     * @throws DecodeException if the bytes are not an encoding of the structure, or go on after it
     */
    default T decodeAll(byte[] input) throws DecodeException {
        return decodeAll(Bytes.copyOf(input), DecodeLimits.DEFAULT);
    }

    /**
     * Decodes bytes that hold exactly one structure.
     *
     * @throws DecodeException if the bytes are not an encoding of the structure, go on after it, or exceed a limit
     */
    default T decodeAll(Bytes input, DecodeLimits limits) throws DecodeException {
        TlsReader in = new TlsReader(input, limits);
        T value = decode(in);
        in.expectEnd();
        return value;
    }
}
