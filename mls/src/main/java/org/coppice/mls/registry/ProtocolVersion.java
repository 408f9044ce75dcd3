package org.coppice.mls.registry;

import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * A version of the protocol (RFC 9420 §6).
 *
 * @param value the code point, uint16
 */
public record ProtocolVersion(int value) implements Encodable, Comparable<ProtocolVersion> {
    /** MLS 1.0, RFC 9420. */
    public static final ProtocolVersion MLS10 = new ProtocolVersion(1);

    /** Checks that the number is a uint16. */
    public ProtocolVersion {
        CodePoints.checkUint16(value);
    }

    /** Reads a number, known or not. */
    public static ProtocolVersion decode(TlsReader in) throws DecodeException {
        return new ProtocolVersion(in.uint16());
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint16(value);
    }

    @Override
    public int compareTo(ProtocolVersion other) {
        return Integer.compare(value, other.value);
    }

    /** The registered name, or the number. */
    @Override
    public String toString() {
        return switch (value) {
            case 1 -> "mls10";
            default -> String.format(CodePoints.isGrease(value) ? "GREASE(0x%04x)" : "0x%04x", value);
        };
    }
}
