package org.coppice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Terminal terminal(boolean errIsTerminal) {
        return new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
                new PrintStream(err, true, UTF_8),
                false,
                false,
                errIsTerminal);
    }

    private void work(boolean errIsTerminal) {
        try (Progress progress = Progress.start(terminal(errIsTerminal), "joining", 10)) {
            progress.at(5, "Erin");
        }
    }

    /** A bar that ends with a line break would leave an empty line in the story, once for each task. */
    @Test
    void leavesTheLineAsItFoundIt() {
        work(true);
        String written = err.toString(UTF_8);
        assertThat(written).contains("joining").doesNotContain("\n").endsWith("\r");
        String[] states = written.split("\r");
        assertThat(states[states.length - 1]).isBlank();
        assertThat(states).allSatisfy(state -> assertThat(state.length()).isLessThan(80));
    }

    @Test
    void isSilentWhereNobodyLooks() {
        work(false);
        assertThat(err.size()).isZero();
    }
}
