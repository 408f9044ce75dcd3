package org.coppice.mls.codec;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

/**
 * Builds encodings in the TLS presentation language of RFC 9420 §2.1: big-endian numbers, vectors with the shortest length.
 *
 * <p>Every method returns this writer, so the fields of a structure are one chain. Not thread safe.
 */
public sealed class TlsWriter permits SecretWriter {
    private static final int MAX_1 = 1 << 6;
    private static final int MAX_2 = 1 << 14;

    private static final byte[] NOTHING = {};

    private byte[] buffer;
    private int size;

    /** An empty writer. */
    public TlsWriter() {
        this(256);
    }

    /** @param capacity how many bytes are expected */
    public TlsWriter(int capacity) {
        buffer = new byte[Math.max(16, capacity)];
    }

    /** How many bytes have been written. */
    public int size() {
        return size;
    }

    /** Appends a number from 0 to 255. */
    public TlsWriter uint8(int value) {
        checkRange(value, 0xff);
        reserve(1);
        buffer[size++] = (byte) value;
        return this;
    }

    /** Appends a number from 0 to 65535. */
    public TlsWriter uint16(int value) {
        checkRange(value, 0xffff);
        reserve(2);
        buffer[size++] = (byte) (value >> 8);
        buffer[size++] = (byte) value;
        return this;
    }

    /** Appends a number from 0 to 2^32 - 1. */
    public TlsWriter uint32(long value) {
        checkRange(value, 0xffff_ffffL);
        reserve(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            buffer[size++] = (byte) (value >> shift);
        }
        return this;
    }

    /** Appends an unsigned 64-bit number. */
    public TlsWriter uint64(long value) {
        reserve(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            buffer[size++] = (byte) (value >> shift);
        }
        return this;
    }

    /** Appends bytes as they are, without a length. */
    public TlsWriter raw(byte[] bytes) {
        return raw(bytes, 0, bytes.length);
    }

    /** Appends a range of bytes as they are, without a length. */
    public TlsWriter raw(byte[] bytes, int offset, int length) {
        reserve(length);
        System.arraycopy(bytes, offset, buffer, size, length);
        size += length;
        return this;
    }

    /** Appends bytes as they are, without a length. */
    public TlsWriter raw(Bytes bytes) {
        reserve(bytes.length());
        bytes.copyTo(buffer, size);
        size += bytes.length();
        return this;
    }

    /** Appends {@code opaque x<V>}: the length, then the bytes. */
    public TlsWriter vector(Bytes bytes) {
        return length(bytes.length()).raw(bytes);
    }

    /** Appends {@code opaque x<V>}: the length, then the bytes. */
    public TlsWriter vector(byte[] bytes) {
        return length(bytes.length).raw(bytes);
    }

    /** Appends a structure. */
    public TlsWriter struct(Encodable value) {
        value.encodeTo(this);
        return this;
    }

    /** Appends {@code optional<T>} (RFC 9420 §2.1.1). */
    public TlsWriter optional(Optional<? extends Encodable> value) {
        if (value.isEmpty()) {
            return uint8(0);
        }
        return uint8(1).struct(value.get());
    }

    /** Appends {@code T x<V>}: the length of all elements in bytes, then the elements. */
    public TlsWriter list(Collection<? extends Encodable> values) {
        int mark = open();
        for (Encodable value : values) {
            value.encodeTo(this);
        }
        return close(mark);
    }

    /** Appends the length of a vector in its shortest form (RFC 9420 §2.1.2). */
    public TlsWriter length(int length) {
        if (length < 0 || length > DecodeLimits.MAX_ENCODABLE) {
            throw new IllegalArgumentException(
                    "a vector of " + length + " bytes cannot be encoded: the limit is 2^30 - 1");
        }
        if (length < MAX_1) {
            return uint8(length);
        }
        return length < MAX_2 ? uint16(0x4000 | length) : uint32(0x8000_0000L | length);
    }

    /** Begins a vector whose length is not known yet; {@link #close(int)} ends it. Returns the mark to close. */
    public int open() {
        return size;
    }

    /** Ends the vector that began at {@code mark}, putting its length before it. */
    public TlsWriter close(int mark) {
        int length = size - mark;
        int prefix = length < MAX_1 ? 1 : length < MAX_2 ? 2 : 4;
        reserve(prefix);
        System.arraycopy(buffer, mark, buffer, mark + prefix, length);
        size = mark;
        length(length);
        size += length;
        return this;
    }

    /** What has been written, in a new array that belongs to the caller. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    /** What has been written. */
    public Bytes toBytes() {
        return Bytes.wrap(toByteArray());
    }

    /** What has been written, without a copy if the capacity was exact. The writer gives its buffer away and is empty afterwards. */
    public byte[] finish() {
        byte[] out = size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
        buffer = NOTHING;
        size = 0;
        return out;
    }

    /** As {@link #finish}, but never with a copy: what is left of the capacity lives as long as the result. */
    public Bytes finishBytes() {
        Bytes out = Bytes.wrap(buffer).slice(0, size);
        buffer = NOTHING;
        size = 0;
        return out;
    }

    /** Empties the writer, to be used again. */
    public TlsWriter clear() {
        size = 0;
        return this;
    }

    /** How many bytes a vector with so many bytes of content takes. */
    public static int vectorLength(int content) {
        return content + (content < MAX_1 ? 1 : content < MAX_2 ? 2 : 4);
    }

    /** Hands what has been written to {@code consumer} without a copy. */
    public void feed(Bytes.RangeConsumer consumer) {
        consumer.accept(buffer, 0, size);
    }

    /** Overwrites all that was written with zeros and empties the writer. */
    void wipe() {
        Arrays.fill(buffer, (byte) 0);
        size = 0;
    }

    private void reserve(int more) {
        if (buffer.length - size < more) {
            long wanted = Math.max((long) size + more, 2L * buffer.length);
            if ((long) size + more > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("an encoding of more than 2^31 bytes");
            }
            byte[] old = buffer;
            buffer = Arrays.copyOf(old, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
            // A grown writer leaves no copy behind, as it may hold secrets.
            Arrays.fill(old, 0, size, (byte) 0);
        }
    }

    private static void checkRange(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " is outside 0 to " + max);
        }
    }
}
