package org.coppice.testkit.heap;

/**
 * A stretch of the scene.
 *
 * @param label what happens
 * @param from the epoch it happens in
 * @param to the epoch that it leads to, the same if none
 */
record Phase(String label, long from, long to) {
    /** A Commit that is dropped in the end: the epoch that it leads to is never entered. */
    static final String DROPPED = "dropped";

    /** The init key and the leaf key of a key package are named by the scene. */
    static final String KEY_PACKAGE = "key package";

    @Override
    public String toString() {
        return label + "/" + from + "/" + to;
    }

    static Phase parse(String text) {
        String[] parts = text.split("/");
        return new Phase(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
