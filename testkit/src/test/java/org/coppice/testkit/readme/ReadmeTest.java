package org.coppice.testkit.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.ProjectRoot;
import org.junit.jupiter.api.Test;

/** The README shows code that compiles and does what it says. */
class ReadmeTest {
    @Test
    void theExampleRuns() throws MlsException {
        assertThat(ReadmeExample.run()).isEqualTo("hello, bob");
    }

    @Test
    void theReadmeShowsTheExampleThatRuns() throws IOException {
        Path root = ProjectRoot.find();
        String source =
                Files.readString(root.resolve("testkit/src/test/java/org/coppice/testkit/readme/ReadmeExample.java"));
        String example = source.substring(
                        source.indexOf("// example:begin") + "// example:begin".length(),
                        source.indexOf("// example:end"))
                .strip();
        assertThat(words(Files.readString(root.resolve("README.md")))).contains(words(example));
    }

    /** Only the words count: the formatter may break lines elsewhere than the README does. */
    private static String words(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining(" ")).replaceAll("\\s+", "");
    }
}
