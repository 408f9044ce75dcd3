package org.coppice.testkit.mutate;

import org.coppice.mls.codec.TlsWriter;

/** How the length before a vector is written (RFC 9420 §2.1.2): rightly, or in one of the ways that are wrong. */
enum LengthForm {
    RIGHT,
    /** One byte more than there is. */
    MORE,
    /** One byte less than there is. */
    LESS,
    /** The right number in four bytes. */
    LONG,
    /** The reserved prefix 11. */
    RESERVED,
    /** The largest number. */
    LARGEST;

    void write(TlsWriter out, int length) {
        switch (this) {
            case RIGHT -> out.length(length);
            case MORE -> out.length(length + 1);
            case LESS -> out.length(Math.max(0, length - 1));
            case LONG -> out.uint32(0x8000_0000L | length);
            case RESERVED -> out.uint8(0xc0 | length & 0x3f);
            case LARGEST -> out.uint32(0xbfff_ffffL);
            default -> throw new AssertionError(this);
        }
    }
}
