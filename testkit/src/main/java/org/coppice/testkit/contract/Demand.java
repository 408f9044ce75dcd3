package org.coppice.testkit.contract;

import java.util.Objects;
import java.util.concurrent.Callable;

/** Comparisons for contracts, which must not need a test framework. */
public final class Demand {
    private Demand() {}

    /** Throws {@link AssertionError} unless both are equal. */
    public static void equal(String what, Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(what + ": expected " + expected + ", was " + actual);
        }
    }

    /** Throws {@link AssertionError} unless {@code condition} holds. */
    public static void that(String what, boolean condition) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /**
     * What {@code call} throws.
     *
     * @throws AssertionError if that is nothing, or something else than {@code type}
     */
    public static <T extends Exception> T refusal(String what, Class<T> type, Callable<?> call) {
        try {
            call.call();
        } catch (Exception e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            throw new AssertionError(what + ": expected " + type.getSimpleName() + ", was " + e, e);
        }
        throw new AssertionError(what + ": expected " + type.getSimpleName() + ", was nothing");
    }
}
