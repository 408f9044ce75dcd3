package org.coppice.mls.codec;

/** A writer for encodings that hold secrets, which are written into no other: closing it overwrites all that was written. */
public final class SecretWriter extends TlsWriter implements AutoCloseable {
    /** An empty writer. */
    public SecretWriter() {}

    /** @param capacity how many bytes are expected */
    public SecretWriter(int capacity) {
        super(capacity);
    }

    /** Overwrites all that was written with zeros. Closing twice does nothing. */
    @Override
    public void close() {
        wipe();
    }
}
