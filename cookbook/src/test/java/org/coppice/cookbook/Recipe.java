package org.coppice.cookbook;

import java.io.PrintStream;
import java.nio.file.Path;

/** One of docs/COOKBOOK.md. */
@FunctionalInterface
interface Recipe {
    /**
     * Runs it.
     *
     * @param out told what the document shows
     * @param directory an empty place for files
     */
    void cook(PrintStream out, Path directory) throws Exception;
}
