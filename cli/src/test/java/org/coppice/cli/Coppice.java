package org.coppice.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs the command in this process, as a shell would. */
public final class Coppice {
    private Coppice() {}

    /**
     * What a run left behind.
     *
     * @param code the exit code
     * @param out standard output
     * @param err standard error
     */
    public record Run(int code, String out, String err) {
        /** The last line of standard output. */
        public String lastLine() {
            String[] lines = out.stripTrailing().split("\n");
            return lines[lines.length - 1];
        }
    }

    /** Runs with empty standard input. */
    public static Run run(String... args) {
        return runWith(new byte[0], args);
    }

    /** Runs with bytes on standard input; no stream is a terminal. */
    public static Run runWith(byte[] input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false);
        int code = Main.run(terminal, args);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
