package org.coppice.testkit.vectors;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.Secret;

/** Comparisons that name what differs. Vectors are public, so their secrets may be printed. */
final class Expect {
    private Expect() {}

    static void equal(String what, Bytes expected, Secret actual) throws VectorMismatch {
        equal(what, expected, Bytes.wrap(actual.exposeCopy()));
    }

    static void equal(String what, Object expected, Object actual) throws VectorMismatch {
        if (!Objects.equals(expected, actual)) {
            throw new VectorMismatch(what + ": expected " + expected + ", computed " + actual);
        }
    }

    static void holds(String what, boolean condition) throws VectorMismatch {
        if (!condition) {
            throw new VectorMismatch(what);
        }
    }
}
