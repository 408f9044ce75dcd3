package org.coppice.mls.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.coppice.mls.codec.SecretWriter;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;

/**
 * Key material with one owner, who wipes it with {@link #close()}.
 *
 * <p>It has no {@code equals}, is not serializable, and prints its length only. Wiping overwrites this object's array. It cannot
 * reach copies that the garbage collector made while moving the array, or that a cryptographic provider keeps.
 *
 * <p>Safe for use by several threads as long as none of them closes it.
 */
public final class Secret implements AutoCloseable {
    private byte[] data;

    private Secret(byte[] data) {
        this.data = data;
    }

    /** Takes over {@code data}: the caller must neither use nor keep it. */
    public static Secret wrap(byte[] data) {
        return new Secret(Objects.requireNonNull(data, "data"));
    }

    /** A secret of {@code length} zero bytes, the "0" of the key schedule (RFC 9420 §8). */
    public static Secret zeros(int length) {
        return new Secret(new byte[length]);
    }

    /** Reads {@code opaque secret<V>} into an array of its own. */
    public static Secret decode(TlsReader in) throws DecodeException {
        return new Secret(in.secret());
    }

    /** How many bytes the secret has. */
    public int length() {
        return raw().length;
    }

    /** A second secret of the same content, with an owner of its own. */
    public Secret copy() {
        return new Secret(raw().clone());
    }

    /** Compares the contents in constant time. */
    public boolean constantTimeEquals(Secret other) {
        return MessageDigest.isEqual(raw(), other.raw());
    }

    /**
     * The key material itself, in a new array that the caller must wipe. For storage and for handing keys to other systems;
     * each call is worth a reviewer's look.
     */
    public byte[] exposeCopy() {
        return raw().clone();
    }

    /** Appends the key material as {@code opaque secret<V>}. */
    public void exposeTo(SecretWriter out) {
        out.vector(raw());
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return data == null;
    }

    /** Overwrites the key material with zeros; any later use throws. Closing twice does nothing. */
    @Override
    public void close() {
        if (data != null) {
            Arrays.fill(data, (byte) 0);
            data = null;
        }
    }

    /** The array itself, not a copy. */
    byte[] raw() {
        byte[] present = data;
        if (present == null) {
            throw new IllegalStateException("the secret was wiped");
        }
        return present;
    }

    /** The length, never the content. */
    @Override
    public String toString() {
        return data == null ? "Secret[wiped]" : "Secret[" + data.length + " bytes]";
    }
}
