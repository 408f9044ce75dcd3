package org.coppice.testkit.vectors;

import java.util.OptionalInt;

/** A file holds no test vectors of a known kind. */
public final class VectorFormatException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int NO_CASE = -1;

    private final int unknownCase;

    VectorFormatException(String message) {
        this(message, NO_CASE);
    }

    private VectorFormatException(String message, int unknownCase) {
        super(message);
        this.unknownCase = unknownCase;
    }

    static VectorFormatException ofUnknownKind(String source, int index) {
        return new VectorFormatException(source + " #" + index + " is of no known kind of vector", index);
    }

    /**
     * The position in the file, from 0, of the case that is of no known kind, if that is what is wrong. The reader can go on
     * behind it.
     */
    public OptionalInt unknownCase() {
        return unknownCase == NO_CASE ? OptionalInt.empty() : OptionalInt.of(unknownCase);
    }
}
