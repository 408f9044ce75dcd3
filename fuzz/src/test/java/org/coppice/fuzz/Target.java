package org.coppice.fuzz;

import java.io.IOException;

/**
 * Something that reads bytes which others wrote, with the judgement of what it may do with them.
 *
 * <p>Each input is judged alone: a target puts back what an input changed before it takes the next, so that a finding can be repeated
 * from its bytes. Not thread safe.
 */
public interface Target extends AutoCloseable {
    /** What became of an input. Anything else is an escape. */
    enum Outcome {
        /** It was taken as valid. */
        ACCEPTED,
        /** It was refused in one of the ways that are documented, and nothing has changed. */
        REFUSED
    }

    /**
     * Tries one input.
     *
     * @param input is not changed
     * @throws Exception is an escape, as every error is
     */
    Outcome run(byte[] input) throws Exception;

    /** How much an input may allocate: some times what the dearest that is known takes. */
    Allowance allowance();

    /** Whether other threads have a part in the work, so that what an input costs is counted over all of them. */
    default boolean isThreaded() {
        return false;
    }

    /** Frees what it holds outside the heap. */
    @Override
    default void close() throws IOException {
        // Most hold nothing.
    }
}
