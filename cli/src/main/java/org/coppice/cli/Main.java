package org.coppice.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.coppice.cli.account.AccountCommand;
import org.coppice.cli.admin.AdminCommand;
import org.coppice.cli.chat.ChatCommand;
import org.coppice.cli.demo.DemoCommand;
import org.coppice.cli.doctor.DoctorCommand;
import org.coppice.cli.group.GroupCommand;
import org.coppice.cli.inspect.InspectCommand;
import org.coppice.cli.interop.InteropCommand;
import org.coppice.cli.serve.ServeCommand;
import org.coppice.cli.serve.Settings;
import org.coppice.cli.tree.TreeCommand;
import org.coppice.cli.vectors.VectorsCommand;
import org.coppice.cli.verify.VerifyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code coppice} command. */
@Command(
        name = "coppice",
        header = "Messaging Layer Security (RFC 9420) on the command line.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Begin with one of these; each command has --help with examples:",
            "  coppice demo          what MLS does, told and tried in one process",
            "  coppice serve         a server; then: coppice account new --name alice",
            "  coppice doctor        what this machine has, and what is wrong with it",
            "",
            "Data go to standard output, errors to standard error.",
            "Exit codes: 0 success, 1 a check failed or something was refused,",
            "2 wrong usage, 3 bad input, 4 nothing could be checked,",
            "69 server not reached, 74 output lost, 75 not yet."
        })
public final class Main implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    private Main(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Runs the command and exits with its status.
     *
     * @param args the arguments of the command line
     */
    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /**
     * Runs the command.
     *
     * @param terminal where it reads and writes
     * @param args the arguments of the command line
     * @return one of {@link ExitCode}
     */
    public static int run(Terminal terminal, String... args) {
        // Picocli takes an output that fails for a bug, so it gets none that can.
        StringWriter help = new StringWriter();
        CommandLine line = new CommandLine(new Main(terminal))
                .addSubcommand(AccountCommand.withSubcommands(terminal))
                .addSubcommand(AdminCommand.withSubcommands(terminal))
                .addSubcommand(new ChatCommand(terminal))
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new DoctorCommand(terminal))
                .addSubcommand(GroupCommand.withSubcommands(terminal))
                .addSubcommand(new InspectCommand(terminal))
                .addSubcommand(new InteropCommand(terminal))
                .addSubcommand(new CommandLine(new ServeCommand(terminal))
                        .setDefaultValueProvider(Settings.of(System.getenv(), args)))
                .addSubcommand(new TreeCommand(terminal))
                .addSubcommand(new VectorsCommand(terminal))
                .addSubcommand(new VerifyCommand(terminal))
                .setOut(new PrintWriter(help))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Colours.areWelcome(terminal) ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler((e, ignored) -> wrongUsage(terminal, e))
                .setExecutionExceptionHandler((e, command, ignored) -> failed(terminal, e));
        line.registerConverter(int.class, Main::wholeNumber).registerConverter(Integer.class, Main::wholeNumber);
        try {
            int code = line.execute(args);
            terminal.out().print(help);
            terminal.out().flush();
            return code;
        } catch (CheckedOutput.Lost e) {
            return lost(terminal, e);
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }

    private static int wrongUsage(Terminal terminal, ParameterException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CommandFailure failure) {
                return failed(terminal, failure);
            }
        }
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        report(terminal, problem(e), "run: " + command + " --help");
        return ExitCode.USAGE;
    }

    /** In the words of a user, who knows nothing of indices and types. */
    private static String problem(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            boolean isCommand = e.getCommandLine().getParent() == null;
            return (isCommand ? "no such command: " : "one argument too many: ")
                    + unmatched.getUnmatched().get(0);
        }
        return firstLine(e.getMessage());
    }

    private static int wholeNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            boolean isLarge = text.matches("-?[0-9]+");
            throw new TypeConversionException(text + (isLarge ? " is out of range" : " is no whole number"));
        }
    }

    private static int lost(Terminal terminal, CheckedOutput.Lost e) {
        if (e.isClosedPipe()) {
            return ExitCode.OUTPUT_CLOSED;
        }
        report(terminal, "cannot write to standard output: " + e.getMessage(), "");
        return ExitCode.OUTPUT_LOST;
    }

    private static int failed(Terminal terminal, Exception e) {
        if (e instanceof CheckedOutput.Lost output) {
            return lost(terminal, output);
        }
        terminal.out().flush();
        if (e instanceof CommandFailure failure) {
            report(terminal, failure.getMessage(), failure.hint());
            return failure.exitCode();
        }
        report(terminal, "a bug: " + e, "please report it with the lines below");
        e.printStackTrace(terminal.err());
        return ExitCode.BUG;
    }

    private static void report(Terminal terminal, String message, String hint) {
        terminal.say(message);
        if (!hint.isEmpty()) {
            terminal.err().println("hint: " + hint);
        }
    }

    /** Picocli begins its sentences in upper case and may add lines. */
    private static String firstLine(String message) {
        String line = message.lines()
                .findFirst()
                .orElse("wrong usage")
                .replaceAll("expected one of \\[(.*)] .*but was '(.*)'", "expected one of $1, not $2");
        return Character.toLowerCase(line.charAt(0)) + line.substring(1);
    }
}
