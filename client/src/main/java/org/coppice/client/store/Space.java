package org.coppice.client.store;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsWriter;

/**
 * A set of records of one kind and one owner, such as the history of a conversation. Keys are either names, without order, or the
 * numbers of a sequence.
 *
 * @param name what kind the records are of
 * @param owner whose they are, such as a group id; may be empty
 * @param isSequence whether the keys are numbers
 */
public record Space(String name, Bytes owner, boolean isSequence) implements Encodable {
    /** Checks that nothing is missing. */
    public Space {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(owner, "owner");
    }

    /** A space whose keys are names. */
    public static Space named(String name, Bytes owner) {
        return new Space(name, owner, false);
    }

    /** A space whose keys are unsigned 64-bit numbers and stand in their order. */
    public static Space sequence(String name, Bytes owner) {
        return new Space(name, owner, true);
    }

    /** The key of a number. */
    public static Bytes key(long number) {
        byte[] out = new byte[8];
        for (int i = 0; i < 8; i++) {
            out[i] = (byte) (number >>> 56 - 8 * i);
        }
        return Bytes.wrap(out);
    }

    /**
     * The number that a key is.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static long number(Bytes key) {
        if (key.length() != 8) {
            throw new IllegalArgumentException("a key of " + key.length() + " bytes is not a number");
        }
        long out = 0;
        for (int i = 0; i < 8; i++) {
            out = out << 8 | key.at(i) & 0xff;
        }
        return out;
    }

    /** {@code key}, if it fits the space. */
    Bytes checked(Bytes key) {
        if (isSequence && key.length() != 8) {
            throw new IllegalArgumentException("the keys of a sequence are numbers");
        }
        return key;
    }

    /** Throws {@link IllegalArgumentException} unless it is a sequence. */
    Space requireSequence() {
        if (!isSequence) {
            throw new IllegalArgumentException("the records of " + name + " have no order");
        }
        return this;
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.uint8(isSequence ? 1 : 0)
                .vector(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .vector(owner);
    }

    /** The name only: an owner may be a person. */
    @Override
    public String toString() {
        return "Space[" + name + "]";
    }
}
