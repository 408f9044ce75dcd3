package org.coppice.delivery.api;

import java.util.Objects;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/**
 * The name of a user at a delivery service: 1 to 64 of {@code a-z 0-9 . _ -}, beginning with a letter or a digit.
 *
 * @param value the name
 */
public record UserName(String value) implements Encodable, Comparable<UserName> {
    /** The longest name, in characters. */
    public static final int MAX_LENGTH = 64;

    /** Throws {@link IllegalArgumentException} if {@code value} is no user name. */
    public UserName {
        Objects.requireNonNull(value, "value");
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "a user name has 1 to 64 of a-z 0-9 . _ - and begins with a letter or digit");
        }
    }

    /** Whether {@code value} is a user name. */
    public static boolean isValid(String value) {
        return Text.isName(value, MAX_LENGTH, "._-");
    }

    /** Reads {@code opaque user_name<V>}. */
    public static UserName decode(TlsReader in) throws DecodeException {
        return Text.read(in, MAX_LENGTH, UserName::new, "a user name");
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.vector(Text.bytes(value));
    }

    @Override
    public int compareTo(UserName other) {
        return value.compareTo(other.value);
    }

    /** The name. */
    @Override
    public String toString() {
        return value;
    }
}
