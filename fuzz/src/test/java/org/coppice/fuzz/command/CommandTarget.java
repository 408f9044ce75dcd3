package org.coppice.fuzz.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import org.coppice.cli.inspect.InspectCommand;
import org.coppice.cli.tree.TreeCommand;
import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Escape;
import org.coppice.fuzz.Target;
import picocli.CommandLine;

/**
 * Files that a user looks at with a command: the first byte chooses the command and its options, the rest is on standard input. It prints
 * something, or says in a line what is wrong; what it prints is in proportion to what it read, and holds nothing that could repaint a
 * terminal.
 */
public final class CommandTarget implements Target {
    private static final List<List<String>> OPTIONS = List.of(
            List.of("inspect", "--form", "raw"),
            List.of("inspect", "--form", "raw", "--json"),
            List.of("inspect", "--full"),
            List.of("tree"),
            List.of("tree", "--svg", "-"));
    private static final int MOST_OUTPUT = 1 << 14;
    private static final int MOST_OUTPUT_PER_BYTE = 1 << 10;

    @Override
    public Allowance allowance() {
        return new Allowance(32 << 20, 64 << 10);
    }

    @Override
    public Outcome run(byte[] input) throws Exception {
        if (input.length == 0) {
            return Outcome.REFUSED;
        }
        List<String> options = OPTIONS.get((input[0] & 0xff) % OPTIONS.size());
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Outcome outcome = run(options, rest, out, err);
        check(out, rest.length);
        check(err, rest.length);
        return outcome;
    }

    private static Outcome run(List<String> options, byte[] in, ByteArrayOutputStream out, ByteArrayOutputStream err)
            throws Exception {
        PrintStream printed = new PrintStream(out, false, UTF_8);
        PrintStream said = new PrintStream(err, true, UTF_8);
        Terminal terminal = new Terminal(new ByteArrayInputStream(in), printed, said, false, false, false);
        Callable<Integer> command =
                options.get(0).equals("tree") ? new TreeCommand(terminal) : new InspectCommand(terminal);
        new CommandLine(command).parseArgs(options.stream().skip(1).toArray(String[]::new));
        try {
            command.call();
            return Outcome.ACCEPTED;
        } catch (CommandFailure e) {
            if (e.getMessage().contains("\n") || e.hint().contains("\n")) {
                throw new Escape("what is wrong takes more than a line", e);
            }
            said.println(e.getMessage());
            return Outcome.REFUSED;
        } finally {
            printed.flush();
        }
    }

    private static void check(ByteArrayOutputStream out, int length) {
        if (out.size() > MOST_OUTPUT + (long) MOST_OUTPUT_PER_BYTE * length) {
            throw new Escape(length + " bytes had " + out.size() + " bytes printed");
        }
        out.toString(UTF_8)
                .codePoints()
                .filter(c -> Character.isISOControl(c) && c != '\n')
                .findFirst()
                .ifPresent(c -> {
                    throw new Escape("a control character was printed: " + Integer.toHexString(c));
                });
    }
}
