package org.coppice.mls.message;

import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** What a resumption PSK is used for (RFC 9420 §8.4). */
public enum ResumptionPskUsage {
    /** Any purpose but the two others. */
    APPLICATION(1),
    /** The first commit of a group that takes another's place (§11.2). */
    REINIT(2),
    /** The first commit of a subgroup (§11.3). */
    BRANCH(3);

    private final int code;

    ResumptionPskUsage(int code) {
        this.code = code;
    }

    /** The code on the wire. */
    public int code() {
        return code;
    }

    static ResumptionPskUsage decode(TlsReader in) throws DecodeException {
        int code = in.uint8();
        return switch (code) {
            case 1 -> APPLICATION;
            case 2 -> REINIT;
            case 3 -> BRANCH;
            default -> throw in.error(Rule.UNKNOWN_DISCRIMINATOR, "resumption PSK usage " + code);
        };
    }
}
