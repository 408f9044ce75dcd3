package org.coppice.testkit.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.testkit.ProjectRoot;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keeps VALIDATION.md honest: each requirement names code that exists and a test that carries its row as a tag. */
class ValidationTableTest {
    /** How many rows of RFC 9420 are mandatory: keyword, validity rule, format, or a consequence of those. */
    private static final int MANDATORY = 451;

    private static final Set<String> MANDATORY_TAGS = Set.of("M", "V", "D", "X");
    private static final Pattern ROW =
            Pattern.compile("^\\| (R-[\\w.-]+) \\| ([A-Z]) \\| (.+?) \\| (.*?) \\| (.*?) \\|$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private record Row(String id, String tag, String code, String tests) {
        boolean isMandatory() {
            return MANDATORY_TAGS.contains(tag);
        }
    }

    private static Path root;
    private static List<Row> rows;
    private static TaggedTests tests;
    private static Set<String> sources;

    @BeforeAll
    static void read() throws IOException {
        root = ProjectRoot.find();
        rows = new ArrayList<>();
        for (String line : Files.readAllLines(root.resolve("VALIDATION.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Row(row.group(1), row.group(2), row.group(4), row.group(5)));
            }
        }
        tests = TaggedTests.in(root);
        sources = new TreeSet<>();
        for (Path module : TaggedTests.modules(root)) {
            Path main = module.resolve("src/main/java");
            if (Files.isDirectory(main)) {
                try (Stream<Path> files = Files.walk(main)) {
                    files.forEach(f -> sources.add(f.toString().replace('\\', '/')));
                }
            }
        }
    }

    @Test
    void namesEachRowOnceAndAllMandatoryOnes() {
        assertThat(rows).extracting(Row::id).doesNotHaveDuplicates();
        assertThat(rows.stream().filter(Row::isMandatory)).hasSize(MANDATORY);
    }

    @Test
    void eachMandatoryRowNamesCodeThatExists() {
        List<String> missing = new ArrayList<>();
        for (Row row : rows) {
            List<String> files = quoted(row.code()).stream()
                    .filter(name -> name.contains(".java"))
                    .toList();
            if (row.isMandatory() && files.isEmpty()) {
                missing.add(row.id() + " names no code");
            }
            for (String file : files) {
                if (sources.stream().noneMatch(source -> source.endsWith("/" + file))) {
                    missing.add(row.id() + " names " + file);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void eachMandatoryRowNamesATestThatCarriesItsTag() {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            List<String> named = testsOf(row);
            if (row.isMandatory() && named.isEmpty()) {
                wrong.add(row.id() + " names no test");
            }
            for (String test : named) {
                if (!tests.exists(test)) {
                    wrong.add(row.id() + " names " + test + ", which does not exist");
                } else if (!tests.rowsOf(test).contains(row.id())) {
                    wrong.add(row.id() + " names " + test + ", which does not carry its tag");
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void eachTagOfATestNamesARow() {
        Set<String> known = rows.stream().map(Row::id).collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        tests.all()
                .forEach((test, tags) -> tags.stream()
                        .filter(tag -> !known.contains(tag))
                        .forEach(tag -> wrong.add(test + " carries " + tag + ", which no row is")));
        assertThat(wrong).isEmpty();
    }

    @Test
    void hasTheRowsOfTheChecklistWhereThatIsAtHand() throws IOException {
        Path checklist = root.resolve("../shared/conformance/rfc9420.md");
        assumeTrue(Files.exists(checklist), "the checklist is not beside the project");
        Pattern line = Pattern.compile("^\\| (R-[\\w.-]+) \\| \\S+ \\| \\[([A-Z])\\].*");
        Set<String> expected = Files.readAllLines(checklist).stream()
                .map(line::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1) + " " + m.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> present =
                rows.stream().map(row -> row.id() + " " + row.tag()).collect(Collectors.toCollection(TreeSet::new));
        assertThat(present).isEqualTo(expected);
    }

    private static List<String> testsOf(Row row) {
        return quoted(row.tests()).stream()
                .filter(name -> name.matches("\\w+\\.\\w+"))
                .toList();
    }

    private static List<String> quoted(String cell) {
        List<String> out = new ArrayList<>();
        Matcher matcher = QUOTED.matcher(cell);
        while (matcher.find()) {
            out.add(matcher.group(1));
        }
        return out;
    }
}
