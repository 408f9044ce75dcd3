package org.coppice.testkit.vectors;

/** What was computed is not what a vector states, or the vector lacks something. The message is one line for people. */
final class VectorMismatch extends Exception {
    private static final long serialVersionUID = 1L;

    VectorMismatch(String message) {
        super(message);
    }
}
