package org.coppice.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** This project's own vectors, which an earlier state of it recorded. */
class OwnVectorsTest {
    private static Path directory() throws URISyntaxException {
        return Path.of(OwnVectorsTest.class.getResource("/vectors").toURI());
    }

    @TestFactory
    Stream<DynamicNode> everyCaseHoldsWithEveryProvider() throws URISyntaxException {
        return VectorTests.of(directory(), VectorTests.files(directory(), 3));
    }

    @Test
    void everyKindIsAmongThem() throws URISyntaxException {
        List<Path> files = VectorTests.files(directory(), 3);
        Set<String> names = files.stream()
                .map(file -> file.getFileName().toString().replace(".json", ""))
                .collect(Collectors.toSet());
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(VectorKind.values()).map(VectorKind::label).toList());
    }
}
