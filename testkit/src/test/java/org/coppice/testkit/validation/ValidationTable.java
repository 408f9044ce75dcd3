package org.coppice.testkit.validation;

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

/** The rows of VALIDATION.md, and what of them can be held against the sources of all modules. */
final class ValidationTable {
    private static final Pattern PROTOCOL_ROW =
            Pattern.compile("^\\| (R-[\\w.-]+) \\| ([A-Z]) \\| (.+?) \\| (.*?) \\| (.*?) \\|$");
    private static final Pattern ARCHITECTURE_ROW =
            Pattern.compile("^\\| (A-[\\w.-]+) \\| ([A-Z]) \\| ([\\w, ]+) \\| (.+?) \\| (.*?) \\| (.*?) \\|$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern DOCUMENT = Pattern.compile("(?:docs/)?[A-Z]+\\.md");

    /**
     * A requirement.
     *
     * @param id its number, R for the protocol and A for the architecture
     * @param tag how strong it is
     * @param who whom it binds; empty for the protocol
     * @param code where it is fulfilled
     * @param tests which tests show that, or words
     */
    record Row(String id, String tag, String who, String code, String tests) {
        List<String> files() {
            return quoted(code).stream().filter(name -> name.contains(".java")).toList();
        }

        List<String> namedTests() {
            return quoted(tests).stream()
                    .filter(name -> name.matches("\\w+(Test|Scenarios)\\.\\w+"))
                    .toList();
        }
    }

    private final Path root;
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> sources = new TreeSet<>();
    private final TaggedTests tests;

    private ValidationTable(Path root) throws IOException {
        this.root = root;
        this.tests = TaggedTests.in(root);
        for (String line : Files.readAllLines(root.resolve("VALIDATION.md"))) {
            Matcher protocol = PROTOCOL_ROW.matcher(line);
            Matcher architecture = ARCHITECTURE_ROW.matcher(line);
            if (protocol.matches()) {
                rows.add(new Row(protocol.group(1), protocol.group(2), "", protocol.group(4), protocol.group(5)));
            } else if (architecture.matches()) {
                rows.add(new Row(
                        architecture.group(1),
                        architecture.group(2),
                        architecture.group(3),
                        architecture.group(5),
                        architecture.group(6)));
            }
        }
        for (Path module : TaggedTests.modules(root)) {
            Path main = module.resolve("src/main/java");
            if (Files.isDirectory(main)) {
                try (Stream<Path> files = Files.walk(main)) {
                    files.forEach(f -> sources.add(f.toString().replace('\\', '/')));
                }
            }
        }
    }

    static ValidationTable read() throws IOException {
        return new ValidationTable(ProjectRoot.find());
    }

    /** The rows whose numbers begin with {@code letter}. */
    List<Row> rows(String letter) {
        return rows.stream().filter(row -> row.id().startsWith(letter + "-")).toList();
    }

    /** The tags of tests that no row has. */
    List<String> tagsOfNoRow() {
        Set<String> known = rows.stream().map(Row::id).collect(Collectors.toSet());
        List<String> wrong = new ArrayList<>();
        tests.all()
                .forEach((test, tags) -> tags.stream()
                        .filter(tag -> !known.contains(tag))
                        .forEach(tag -> wrong.add(test + " carries " + tag + ", which no row is")));
        return wrong;
    }

    /** What is wrong with the code that a row names. */
    List<String> codeFaults(Row row, boolean needed) {
        List<String> out = new ArrayList<>();
        if (needed && row.files().isEmpty()) {
            out.add(row.id() + " names no code");
        }
        for (String file : row.files()) {
            if (sources.stream().noneMatch(source -> source.endsWith("/" + file))) {
                out.add(row.id() + " names " + file);
            }
        }
        return out;
    }

    /** What is wrong with the tests that a row names. */
    List<String> testFaults(Row row, boolean needed) {
        List<String> out = new ArrayList<>();
        if (needed && row.namedTests().isEmpty()) {
            out.add(row.id() + " names no test");
        }
        for (String test : row.namedTests()) {
            if (!tests.exists(test)) {
                out.add(row.id() + " names " + test + ", which does not exist");
            } else if (!tests.rowsOf(test).contains(row.id())) {
                out.add(row.id() + " names " + test + ", which does not carry its tag");
            }
        }
        return out;
    }

    /** Documents that a row names and that are not there. */
    List<String> documentFaults(Row row) {
        List<String> out = new ArrayList<>();
        Matcher named = DOCUMENT.matcher(row.tests());
        while (named.find()) {
            if (!Files.exists(root.resolve(named.group()))) {
                out.add(row.id() + " names " + named.group() + ", which is not there");
            }
        }
        return out;
    }

    /** The rows of a checklist, each with its tag, if it lies beside the project. */
    Set<String> checklist(String file, String letter) throws IOException {
        Path checklist = root.resolve("../shared/conformance").resolve(file);
        if (!Files.exists(checklist)) {
            return Set.of();
        }
        Pattern line = Pattern.compile("^\\| (" + letter + "-[\\w.-]+) \\| \\S+ \\| \\[([A-Z])\\].*");
        return Files.readAllLines(checklist).stream()
                .map(line::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1) + " " + m.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static List<String> quoted(String cell) {
        List<String> out = new ArrayList<>();
        Matcher matcher = QUOTED.matcher(cell);
        while (matcher.find()) {
            out.add(matcher.group(1));
        }
        return out;
    }
}
