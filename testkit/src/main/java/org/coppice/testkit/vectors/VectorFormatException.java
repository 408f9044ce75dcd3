package org.coppice.testkit.vectors;

/** A file holds no test vectors of a known kind. */
public final class VectorFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    VectorFormatException(String message) {
        super(message);
    }
}
