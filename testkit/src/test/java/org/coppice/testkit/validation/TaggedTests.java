package org.coppice.testkit.validation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tests of all modules with the rows they carry as tags, read from the sources. */
final class TaggedTests {
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([AR]-[^\"]+)\"\\)");
    private static final Pattern TYPE = Pattern.compile("^\\s*(?:[a-z]+ )*(?:class|record|interface) (\\w+)\\b.*");
    private static final Pattern METHOD = Pattern.compile(
            "^\\s*(?:public |protected |private |static |final )*(?:<[^>]+> )?[\\w<>\\[\\], ?.]+ (\\w+)\\(.*");
    private static final Pattern TEST_ANNOTATION =
            Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)\\b");

    /** From "Class.method" to its rows. */
    private final Map<String, Set<String>> rowsByTest = new TreeMap<>();

    static TaggedTests in(Path root) throws IOException {
        TaggedTests out = new TaggedTests();
        for (Path module : modules(root)) {
            Path sources = module.resolve("src/test/java");
            if (Files.isDirectory(sources)) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        out.read(file);
                    }
                }
            }
        }
        return out;
    }

    static List<Path> modules(Path root) throws IOException {
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(child -> Files.exists(child.resolve("pom.xml")))
                    .sorted()
                    .toList();
        }
    }

    private void read(Path file) throws IOException {
        String outer = file.getFileName().toString().replace(".java", "");
        Set<String> classTags = new HashSet<>();
        List<String> pending = new ArrayList<>();
        boolean isTest = false;
        for (String line : Files.readAllLines(file)) {
            Matcher tags = TAG.matcher(line);
            while (tags.find()) {
                pending.add(tags.group(1));
            }
            isTest |= TEST_ANNOTATION.matcher(line).find();
            if (line.strip().startsWith("@")
                    || line.strip().startsWith("*")
                    || line.strip().startsWith("/")) {
                continue;
            }
            Matcher type = TYPE.matcher(line);
            Matcher method = METHOD.matcher(line);
            if (type.matches()) {
                classTags.addAll(pending);
                pending.clear();
                isTest = false;
            } else if (isTest && method.matches()) {
                Set<String> rows = rowsByTest.computeIfAbsent(outer + "." + method.group(1), k -> new HashSet<>());
                rows.addAll(pending);
                rows.addAll(classTags);
                pending.clear();
                isTest = false;
            }
        }
    }

    boolean exists(String test) {
        return rowsByTest.containsKey(test);
    }

    Set<String> rowsOf(String test) {
        return rowsByTest.getOrDefault(test, Set.of());
    }

    Map<String, Set<String>> all() {
        return rowsByTest;
    }
}
