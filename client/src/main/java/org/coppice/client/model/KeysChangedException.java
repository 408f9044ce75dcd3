package org.coppice.client.model;

import java.util.Objects;

/**
 * What was compared are not the keys and devices that the two users have in the conversation now: one came, went or changed since the
 * digits were shown. Nothing was noted. Compare again, by {@link #present}.
 */
public final class KeysChangedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String present;

    /** @param present the number as it is now */
    public KeysChangedException(SafetyNumber present) {
        super("the safety number is another one now");
        this.present = Objects.requireNonNull(present, "present").digits();
    }

    /** The number as it is now. */
    public SafetyNumber present() {
        return new SafetyNumber(present);
    }
}
