package org.coppice.testkit.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.mls.error.Rule;
import org.coppice.testkit.ProjectRoot;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keeps the list of rules honest: each is broken by some code, and some negative test of its row of VALIDATION.md expects it. */
class RulesTest {
    private static final Pattern COMMENT = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern MENTION = Pattern.compile("\\bRule\\.([A-Z][A-Z_0-9]*)\\b");
    private static final Pattern TEST = Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");

    private static List<String> main;
    private static List<String> tests;
    private static Set<String> rows;

    @BeforeAll
    static void read() throws IOException {
        Path root = ProjectRoot.find();
        main = new ArrayList<>();
        tests = new ArrayList<>();
        for (Path module : TaggedTests.modules(root)) {
            String name = module.getFileName().toString();
            // The tools judge nothing themselves.
            if (name.equals("mls") || name.startsWith("crypto-")) {
                main.addAll(codeIn(module.resolve("src/main/java"), code -> !code.contains("enum Rule ")));
            }
            tests.addAll(codeIn(
                    module.resolve("src/test/java"),
                    code -> TEST.matcher(code).find() && !code.contains("class RulesTest ")));
        }
        try (Stream<String> lines = Files.lines(root.resolve("VALIDATION.md"))) {
            rows = lines.filter(line -> line.startsWith("| R-"))
                    .map(line -> line.split(" ")[1])
                    .collect(Collectors.toSet());
        }
    }

    /** The sources of a folder without their comments, which prove nothing. */
    private static List<String> codeIn(Path folder, Predicate<String> wanted) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<String> out = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
                if (wanted.test(code)) {
                    out.add(code);
                }
            }
        }
        return out;
    }

    private static boolean names(String code, Rule rule) {
        Matcher mention = MENTION.matcher(code);
        while (mention.find()) {
            if (mention.group(1).equals(rule.name())) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @EnumSource
    void someCodeRefusesByIt(Rule rule) {
        assertThat(main).as("the sources").anyMatch(code -> names(code, rule));
    }

    @ParameterizedTest
    @EnumSource
    void namesARowOfItsSection(Rule rule) {
        assertThat(rule.requirement()).startsWith("R-" + rule.section() + "-").isIn(rows);
    }

    @ParameterizedTest
    @EnumSource
    void aTestOfItsRowExpectsIt(Rule rule) {
        // What this library stores is no matter of RFC 9420, and so of no row.
        String tag = rule == Rule.STORED_STATE ? "" : "@Tag(\"" + rule.requirement() + "\")";

        assertThat(tests).as("the tests").anyMatch(code -> code.contains(tag) && names(code, rule));
    }

    @ParameterizedTest
    @EnumSource
    void hasADescriptionOfItsOwn(Rule rule) {
        Map<String, List<Rule>> byDescription = new TreeMap<>();
        for (Rule some : Rule.values()) {
            byDescription
                    .computeIfAbsent(some.description(), key -> new ArrayList<>())
                    .add(some);
        }
        assertThat(byDescription.get(rule.description())).containsExactly(rule);
    }
}
