package org.coppice.testkit.vectors;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The working group's vectors, in the directory that the system property {@code mls.vectors} names; skipped without it. */
class OfficialVectorsTest {
    @TestFactory
    Stream<DynamicNode> everyCaseHoldsWithEveryProvider() {
        Path directory = Path.of(System.getProperty("mls.vectors", "vectors"));
        if (!Files.isDirectory(directory)) {
            return Stream.of(dynamicTest("official vectors", () -> abort("no directory " + directory)));
        }
        return VectorTests.of(directory, VectorTests.files(directory, 1));
    }
}
