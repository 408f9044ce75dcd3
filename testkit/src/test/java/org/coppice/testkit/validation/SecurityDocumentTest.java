package org.coppice.testkit.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.coppice.testkit.ProjectRoot;
import org.junit.jupiter.api.Test;

/** SECURITY.md promises nothing without a test: each row of its table names some, and all that it names are there. */
class SecurityDocumentTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");

    private static String document() throws IOException {
        return Files.readString(ProjectRoot.find().resolve("SECURITY.md"));
    }

    private static List<String> promises(String document) {
        String chapter = document.substring(document.indexOf("\n## What is promised\n"));
        return chapter.lines()
                .dropWhile(line -> !line.startsWith("| --- |"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    @Test
    void eachPromiseNamesATest() throws IOException {
        List<String> promises = promises(document());
        assertThat(promises).hasSizeGreaterThan(10);
        assertThat(promises)
                .allSatisfy(promise -> assertThat(promise.split("\\|")[2]).containsPattern(TEST));
    }

    @Test
    void eachTestThatIsNamedIsThere() throws IOException {
        Set<String> classes = TaggedTests.in(ProjectRoot.find()).all().keySet().stream()
                .map(test -> test.substring(0, test.indexOf('.')))
                .collect(Collectors.toSet());
        Matcher named = TEST.matcher(document());
        assertThat(named.results().map(result -> result.group(1)).collect(Collectors.toSet()))
                .contains("HeapTest")
                .isSubsetOf(classes);
    }
}
