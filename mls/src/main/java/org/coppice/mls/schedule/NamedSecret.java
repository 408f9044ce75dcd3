package org.coppice.mls.schedule;

import java.util.Objects;
import org.coppice.mls.crypto.Secret;

/** What the named secrets of the key schedule share: one owner, who wipes them. */
abstract sealed class NamedSecret implements AutoCloseable
        permits InitSecret, CommitSecret, PskSecret, JoinerSecret, MemberSecret, EpochSecret {
    private final Secret value;

    NamedSecret(Secret value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    final Secret value() {
        return value;
    }

    /** Whether it was wiped. */
    public final boolean isClosed() {
        return value.isClosed();
    }

    /** Wipes the secret; any later use throws {@link IllegalStateException}. Closing twice does nothing. */
    @Override
    public final void close() {
        value.close();
    }

    /** The name and the length, never the content. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + value + "]";
    }
}
