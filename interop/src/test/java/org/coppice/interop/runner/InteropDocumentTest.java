package org.coppice.interop.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/INTEROP.md} that sets the project's own scripts beside the working group's. */
class InteropDocumentTest {
    private static final String HEAD = "| config | script | own scripts |";
    private static final String DRAWN = "those drawn from a seed (`RandomScriptTest`)";

    private static final Set<String> own = new TreeSet<>();
    private static final Set<String> others = new TreeSet<>();

    @BeforeAll
    static void read() throws IOException {
        List<String> lines =
                Files.readAllLines(Path.of("").toAbsolutePath().getParent().resolve("docs/INTEROP.md"));
        String config = "";
        for (String line : lines.subList(lines.indexOf(HEAD) + 2, lines.size())) {
            if (line.isEmpty()) {
                break;
            }
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            if (!cells.get(1).isEmpty()) {
                config = cells.get(1).replace("`", "");
            }
            for (String script : cells.get(2).split(", ")) {
                if (!script.isEmpty()) {
                    others.add(config + " " + script.replace("`", ""));
                }
            }
            own.addAll(List.of(cells.get(3).split("; ")));
        }
    }

    @Test
    void namesEachOwnScriptAndNoOther() throws IOException {
        List<String> expected =
                new ArrayList<>(OwnScripts.all().stream().map(Script::name).toList());
        expected.add(DRAWN);
        assertThat(own).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void namesEachScriptOfTheWorkingGroupWhereThoseAreAtHand() throws IOException {
        String directory = System.getProperty("interop.configs", "");
        assumeFalse(directory.isEmpty(), "the working group's scripts are not at hand");
        Set<String> expected = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                String config = file.getFileName().toString().replace(".json", "");
                try (InputStream in = Files.newInputStream(file)) {
                    Script.read(in).forEach(script -> expected.add(config + " " + script.name()));
                }
            }
        }
        assertThat(others).isEqualTo(expected);
    }
}
