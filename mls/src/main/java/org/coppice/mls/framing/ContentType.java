package org.coppice.mls.framing;

import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** What a message carries (RFC 9420 §6). */
public enum ContentType implements Encodable {
    /** Data of the application. */
    APPLICATION(1),
    /** A proposal. */
    PROPOSAL(2),
    /** A commit. */
    COMMIT(3);

    private final int code;

    ContentType(int code) {
        this.code = code;
    }

    /** The code on the wire. */
    public int code() {
        return code;
    }

    /** Reads {@code ContentType}; reserved and unknown codes are refused. */
    public static ContentType decode(TlsReader in) throws DecodeException {
        int start = in.offset();
        int code = in.uint8();
        return switch (code) {
            case 1 -> APPLICATION;
            case 2 -> PROPOSAL;
            case 3 -> COMMIT;
            default -> throw new DecodeException(Rule.UNKNOWN_DISCRIMINATOR, start, "ContentType " + code);
        };
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint8(code);
    }
}
