package org.coppice.testkit.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.testkit.ProjectRoot;
import org.junit.jupiter.api.Test;

/** The table of long forms in VALIDATION.md has the properties that tests read, and the values that the profile gives them. */
class LongFormsTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| `([a-z.]+)` \\| (\\S+) \\| (\\S+) \\| .+ \\|$");
    private static final Pattern READ =
            Pattern.compile("Integer\\.getInteger\\(([^;]*?\"[^;]*?)[,)]|getProperty\\((\"\\w+\\.suites\")");
    private static final Pattern NAME = Pattern.compile("\"([a-z.]+)\"");
    private static final Pattern SET = Pattern.compile("<([a-z.]+)>([^<]+)</\\1>");
    /** Plays one life of the simulator only in part. */
    private static final String NO_FORM = "simulator.steps";

    /** From each property to the one class that reads it. */
    private static Map<String, String> read() throws IOException {
        Map<String, String> out = new TreeMap<>();
        for (Map.Entry<String, Path> source : sources().entrySet()) {
            READ.matcher(Files.readString(source.getValue()))
                    .results()
                    .flatMap(found -> NAME.matcher(found.group()).results())
                    .forEach(found -> out.put(found.group(1), source.getKey()));
        }
        out.remove(NO_FORM);
        return out;
    }

    /** The test classes of all modules by their names. */
    private static Map<String, Path> sources() throws IOException {
        Map<String, Path> out = new TreeMap<>();
        for (Path module : TaggedTests.modules(ProjectRoot.find())) {
            Path sources = module.resolve("src/test/java");
            if (Files.isDirectory(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    files.filter(file -> file.toString().endsWith("Test.java"))
                            .forEach(file ->
                                    out.put(file.getFileName().toString().replace(".java", ""), file));
                }
            }
        }
        return out;
    }

    private static Map<String, MatchResult> table() throws IOException {
        String document = Files.readString(ProjectRoot.find().resolve("VALIDATION.md"));
        String chapter =
                document.substring(document.indexOf("\n## Long forms\n"), document.indexOf("\n## Changed messages\n"));
        return ROW.matcher(chapter).results().collect(Collectors.toMap(row -> row.group(2), row -> row));
    }

    @Test
    void everyPropertyOfATestIsInTheTable() throws IOException {
        Map<String, String> read = read();
        assertThat(read).hasSizeGreaterThan(10);
        assertThat(table())
                .hasSameSizeAs(read)
                .allSatisfy((property, row) -> assertThat(read).containsEntry(property, row.group(1)));
    }

    @Test
    void theProfileSetsTheLongValues() throws IOException {
        String pom = Files.readString(ProjectRoot.find().resolve("pom.xml"));
        String profile =
                pom.substring(pom.indexOf("<id>long</id>"), pom.indexOf("</profile>", pom.indexOf("<id>long</id>")));
        String variables = profile.substring(
                profile.indexOf("<systemPropertyVariables>") + "<systemPropertyVariables>".length(),
                profile.indexOf("</systemPropertyVariables>"));
        Map<String, String> set = SET.matcher(variables)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
        Map<String, String> said = table().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, row -> row.getValue().group(4)));
        assertThat(set).isEqualTo(said);
    }

    @Test
    void theTestsAreTaggedForTheProfile() throws IOException {
        Map<String, Path> files = sources();
        for (MatchResult row : table().values()) {
            assertThat(Files.readString(files.get(row.group(1))))
                    .as(row.group(1))
                    .contains("@Tag(\"long\")");
        }
    }
}
