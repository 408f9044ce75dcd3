package org.coppice.testkit.vectors;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** Turns files of vectors into one test for each case and provider. */
final class VectorTests {
    private VectorTests() {}

    /** The files of vectors in a directory, and in those below it if wanted. */
    static List<Path> files(Path directory, int depth) {
        try (Stream<Path> all = Files.walk(directory, depth)) {
            return all.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<DynamicNode> of(Path directory, List<Path> files) {
        return Providers.all().entrySet().stream().map(provider -> {
            VectorVerifier verifier = new VectorVerifier(provider.getValue());
            return dynamicContainer(
                    provider.getKey(),
                    files.stream()
                            .map(file ->
                                    dynamicContainer(directory.relativize(file).toString(), tests(verifier, file))));
        });
    }

    private static Stream<DynamicTest> tests(VectorVerifier verifier, Path file) {
        List<DynamicTest> tests = new ArrayList<>();
        try (VectorReader reader = VectorReader.open(file)) {
            for (VectorCase vector : reader.readAll()) {
                tests.add(dynamicTest(vector.name(), () -> judge(verifier.verify(vector))));
            }
        } catch (IOException | VectorFormatException e) {
            tests.add(dynamicTest(file.toString(), () -> fail(e)));
        }
        return tests.stream();
    }

    private static void judge(VectorResult result) {
        switch (result.outcome()) {
            case PASSED -> {
                // As it should be.
            }
            case SKIPPED -> abort(result.reason());
            case FAILED -> fail(result.reason());
        }
    }
}
