package org.coppice.mls.codec;

/** A structure of RFC 9420 that has one encoding (§2.1). */
public interface Encodable {
    /** Appends the encoding of this object to {@code out}. */
    void encodeTo(TlsWriter out);

    /** The encoding of this object, in a new array that belongs to the caller. */
    default byte[] encoded() {
        TlsWriter out = new TlsWriter();
        encodeTo(out);
        return out.finish();
    }
}
