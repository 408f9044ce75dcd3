package org.coppice.mls.credential.x509;

import org.coppice.mls.codec.Bytes;

/**
 * Walks the elements of one DER value (X.690 §10), which may come from an attacker: lengths are definite, in their shortest
 * form and within the input, tags have one byte. It looks only at what it is asked for; not thread safe.
 */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private final Bytes input;
    private int position;

    Der(Bytes input) {
        this.input = input;
    }

    /** The content of an element of this tag that is all there is of {@code input}. */
    static Bytes only(int tag, Bytes input) throws Refusal {
        Der in = new Der(input);
        Bytes content = in.read(tag);
        in.expectEnd();
        return content;
    }

    boolean hasNext() {
        return position < input.length();
    }

    /** The tag of the next element, or -1 at the end. */
    int tag() {
        return hasNext() ? input.at(position) & 0xff : -1;
    }

    /** The content of the next element, which must have this tag. */
    Bytes read(int tag) throws Refusal {
        // The low five bits all set begin a tag of several bytes, which nothing here has.
        if (tag() != tag || (tag & 0x1f) == 0x1f) {
            throw malformed();
        }
        position++;
        int length = length();
        Bytes content = input.slice(position, length);
        position += length;
        return content;
    }

    /** The next element whole, with tag and length; it must have this tag. */
    Bytes readWhole(int tag) throws Refusal {
        int start = position;
        read(tag);
        return input.slice(start, position - start);
    }

    void expectEnd() throws Refusal {
        if (hasNext()) {
            throw malformed();
        }
    }

    private int length() throws Refusal {
        int first = octet();
        long length = first;
        if (first >= 0x80) {
            int count = first & 0x7f;
            // More than four bytes are no length of an array.
            if (count > 4) {
                throw malformed();
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | octet();
            }
            // X.690 §10.1: the shortest form; and not the indefinite one of BER, whose count is 0.
            if (length < 0x80 || length >> 8 * (count - 1) == 0) {
                throw malformed();
            }
        }
        if (length > input.length() - position) {
            throw malformed();
        }
        return (int) length;
    }

    private int octet() throws Refusal {
        if (!hasNext()) {
            throw malformed();
        }
        return input.at(position++) & 0xff;
    }

    private static Refusal malformed() {
        return Refusal.because("malformed DER");
    }
}
