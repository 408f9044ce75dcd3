package org.coppice.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of the whole project, for tests of its documents. */
public final class ProjectRoot {
    private ProjectRoot() {}

    /** The nearest folder above the working directory that holds VALIDATION.md. */
    public static Path find() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("VALIDATION.md"))) {
                return at;
            }
        }
        throw new AssertionError("no VALIDATION.md above the working directory");
    }
}
