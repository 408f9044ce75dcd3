package org.coppice.mls.framing;

import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** What an MLSMessage holds (RFC 9420 §6). */
public enum WireFormat implements Encodable {
    /** A signed message in the clear. */
    PUBLIC_MESSAGE(1),
    /** A signed and encrypted message. */
    PRIVATE_MESSAGE(2),
    /** The secrets for new members. */
    WELCOME(3),
    /** A signed description of the group. */
    GROUP_INFO(4),
    /** What others add a client by. */
    KEY_PACKAGE(5);

    private final int code;

    WireFormat(int code) {
        this.code = code;
    }

    /** The code on the wire. */
    public int code() {
        return code;
    }

    /** Reads {@code WireFormat}; reserved and unknown codes are refused. */
    public static WireFormat decode(TlsReader in) throws DecodeException {
        int start = in.offset();
        int code = in.uint16();
        return switch (code) {
            case 1 -> PUBLIC_MESSAGE;
            case 2 -> PRIVATE_MESSAGE;
            case 3 -> WELCOME;
            case 4 -> GROUP_INFO;
            case 5 -> KEY_PACKAGE;
            default -> throw new DecodeException(Rule.UNKNOWN_WIRE_FORMAT, start, "WireFormat " + code);
        };
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint16(code);
    }
}
