package org.coppice.mls.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/**
 * Reads the TLS presentation language of RFC 9420 §2.1 from bytes that may come from an attacker.
 *
 * <p>A length is checked against what remains before anything is allocated for it; a vector is read through a reader of
 * exactly its length. Offsets in exceptions count from the start of the outermost input. Not thread safe.
 */
public final class TlsReader {
    private final Bytes input;
    private final int base;
    private final DecodeLimits limits;
    /** Null if whoever reads a secret looks after it alone. */
    private final DecodedSecrets secrets;

    private int position;

    /** Reads {@code input} within {@code limits}. */
    public TlsReader(Bytes input, DecodeLimits limits) {
        this(input, limits, null);
    }

    TlsReader(Bytes input, DecodeLimits limits, DecodedSecrets secrets) {
        this(input, 0, limits, secrets);
    }

    private TlsReader(Bytes input, int base, DecodeLimits limits, DecodedSecrets secrets) {
        this.input = Objects.requireNonNull(input, "input");
        this.base = base;
        this.limits = Objects.requireNonNull(limits, "limits");
        this.secrets = secrets;
    }

    /** The limits that this reader applies. */
    public DecodeLimits limits() {
        return limits;
    }

    /** How many bytes are left. */
    public int remaining() {
        return input.length() - position;
    }

    /** How many bytes have been read of the outermost input. */
    public int offset() {
        return base + position;
    }

    /** Where this reader stands in its own bytes, for {@link #since(int)}. */
    public int mark() {
        return position;
    }

    /** The bytes read since {@code mark}: the original encoding of what was decoded there. */
    public Bytes since(int mark) {
        return input.slice(mark, position - mark);
    }

    /** Reads a number from 0 to 255. */
    public int uint8() throws DecodeException {
        need(1);
        return input.at(position++) & 0xff;
    }

    /** Reads a number from 0 to 65535. */
    public int uint16() throws DecodeException {
        need(2);
        return uint8() << 8 | uint8();
    }

    /** Reads a number from 0 to 2^32 - 1. */
    public long uint32() throws DecodeException {
        need(4);
        return (long) uint16() << 16 | uint16();
    }

    /** Reads an unsigned 64-bit number; compare with {@link Long#compareUnsigned}. */
    public long uint64() throws DecodeException {
        need(8);
        return uint32() << 32 | uint32();
    }

    /** Reads {@code count} bytes as they are. */
    public Bytes raw(int count) throws DecodeException {
        need(count);
        Bytes out = input.slice(position, count);
        position += count;
        return out;
    }

    /** Reads {@code opaque x<V>}. */
    public Bytes vector() throws DecodeException {
        return raw(length());
    }

    /** A reader of exactly the next vector; this reader goes on behind it. */
    public TlsReader sub() throws DecodeException {
        int length = length();
        int start = base + position;
        return new TlsReader(raw(length), start, limits, secrets);
    }

    /** Reads {@code opaque secret<V>} into an array of its own; the caller's, beside the {@link DecodedSecrets} of this reader. */
    public byte[] secret() throws DecodeException {
        byte[] out = vector().toByteArray();
        return secrets == null ? out : secrets.keep(out);
    }

    /** Reads {@code T x<V>}. */
    public <T> List<T> list(Decoder<T> element) throws DecodeException {
        TlsReader in = sub();
        List<T> out = new ArrayList<>();
        while (in.remaining() > 0) {
            if (out.size() == limits.maxListEntries()) {
                throw in.error(Rule.SIZE_LIMIT, "a list of more than " + limits.maxListEntries() + " entries");
            }
            out.add(element.decode(in));
        }
        return List.copyOf(out);
    }

    /** Reads {@code optional<T>} (RFC 9420 §2.1.1). */
    public <T> Optional<T> optional(Decoder<T> element) throws DecodeException {
        return present() ? Optional.of(element.decode(this)) : Optional.empty();
    }

    /** Reads the presence octet of an optional value (RFC 9420 §2.1.1). */
    public boolean present() throws DecodeException {
        int octet = uint8();
        if (octet > 1) {
            position--;
            throw error(Rule.PRESENCE_OCTET, "presence octet " + octet);
        }
        return octet == 1;
    }

    /** Reads the length of a vector, which is at most what remains (RFC 9420 §2.1.2). */
    public int length() throws DecodeException {
        int start = position;
        int first = uint8();
        int prefix = first >> 6;
        if (prefix == 3) {
            position = start;
            throw error(Rule.INVALID_LENGTH_PREFIX, "a vector length that begins with the bits 11");
        }
        int length = first & 0x3f;
        for (int i = 1; i < 1 << prefix; i++) {
            length = length << 8 | uint8();
        }
        // §2.1.2: each longer form begins where the shorter one ends.
        if (prefix >= 1 && length < 1 << 8 * (1 << prefix - 1) - 2) {
            position = start;
            throw error(Rule.NON_MINIMAL_LENGTH, "a length of " + length + " in " + (1 << prefix) + " bytes");
        }
        if (length > remaining()) {
            int left = remaining();
            position = start;
            throw error(Rule.LENGTH_BEYOND_INPUT, "a vector of " + length + " bytes where " + left + " are left");
        }
        if (length > limits.maxVectorBytes()) {
            position = start;
            throw error(Rule.SIZE_LIMIT, "a vector of " + length + " bytes, limit " + limits.maxVectorBytes());
        }
        return length;
    }

    /** Checks that nothing is left. */
    public void expectEnd() throws DecodeException {
        if (remaining() > 0) {
            throw error(Rule.TRAILING_BYTES, bytes(remaining()) + " after the end of the structure");
        }
    }

    /** An exception about what stands at the present position. */
    public DecodeException error(Rule rule, String what) {
        return new DecodeException(rule, offset(), what);
    }

    private static String bytes(int count) {
        return count + (count == 1 ? " byte" : " bytes");
    }

    private void need(int count) throws DecodeException {
        if (count > remaining()) {
            throw error(Rule.TRUNCATED, bytes(count) + " needed where " + remaining() + " are left");
        }
    }
}
