package org.coppice.bench;

/** One thing to measure: {@link #prepare()} makes its input, {@link #run()} is what is timed. Not thread safe. */
interface Operation extends AutoCloseable {
    /** Makes the input of one later run; may be called several times before the runs. */
    default void prepare() throws Exception {}

    /** Performs the operation once and returns something of its result, so that it cannot be optimized away. */
    Object run() throws Exception;

    /** By what the time of a run is multiplied, where it does a sample of the work. */
    default double scale() {
        return 1;
    }

    /** Drops what it holds. */
    @Override
    default void close() {}
}
