package org.coppice.mls.tree;

import org.coppice.mls.codec.Bytes;

/** Finds the vectors in an encoding that was checked when it was decoded (RFC 9420 §2.1.2). */
final class Slices {
    private Slices() {}

    /** Where the content of the vector at {@code at} begins. */
    static int contentAt(byte[] encoding, int at) {
        return at + (1 << (encoding[at] >> 6 & 3));
    }

    /** How many bytes the vector at {@code at} has, its header not counted. */
    static int length(byte[] encoding, int at) {
        int length = encoding[at] & 0x3f;
        for (int i = at + 1, end = contentAt(encoding, at); i < end; i++) {
            length = length << 8 | encoding[i] & 0xff;
        }
        return length;
    }

    /** Where what follows the vector at {@code at} begins. */
    static int endOf(byte[] encoding, int at) {
        return contentAt(encoding, at) + length(encoding, at);
    }

    /** The content of the vector at {@code at}, sharing the array. */
    static Bytes vector(byte[] encoding, int at) {
        return Bytes.wrap(encoding).slice(contentAt(encoding, at), length(encoding, at));
    }
}
