package org.coppice.cli.account;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import picocli.CommandLine.Option;

/** Where a one-time code comes from. Among the arguments all users of a machine see it, until it is used. */
final class CodeSource {
    private static final String STANDARD_INPUT = "-";
    private static final int MAX_LENGTH = 256;

    @Option(
            names = "--code",
            paramLabel = "CODE",
            description =
                    "a one-time code, for a certificate of the server's authority instead of safety numbers; - for the first "
                            + "line of standard input, as others on this machine can see the arguments")
    private String code;

    @Option(
            names = "--code-file",
            paramLabel = "FILE",
            description = "the code is the first line of this file; - for standard input")
    private Path file;

    boolean isGiven() {
        return code != null || file != null;
    }

    /** The option that was used. */
    String option() {
        return file == null ? "--code" : "--code-file";
    }

    void check() {
        if (code != null && file != null) {
            throw CommandFailure.usage("--code and --code-file are two ways to one code", "give one of them");
        }
    }

    /** The code, before anything is begun with it. */
    String read(Terminal terminal) {
        boolean isTyped = STANDARD_INPUT.equals(code) || file != null && file.equals(Path.of(STANDARD_INPUT));
        if (code != null && !isTyped) {
            terminal.say(
                    "others on this machine could see the code among the arguments; --code - reads it from standard input");
            return code;
        }
        try {
            if (!isTyped) {
                try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
                    return first(in, file.toString());
                }
            }
            if (terminal.inIsTerminal()) {
                terminal.say("the code:");
            }
            return first(
                    new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.US_ASCII)),
                    "standard input");
        } catch (IOException e) {
            throw CommandFailure.input("cannot read the code in " + file, "check its name and permissions");
        }
    }

    private static String first(BufferedReader in, String where) throws IOException {
        return Optional.ofNullable(in.readLine())
                .map(String::strip)
                .filter(line -> !line.isEmpty() && line.length() <= MAX_LENGTH)
                .orElseThrow(() -> CommandFailure.input("there is no code in " + where, "it is the first line"));
    }
}
