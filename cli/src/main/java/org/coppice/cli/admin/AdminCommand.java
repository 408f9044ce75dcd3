package org.coppice.cli.admin;

import org.coppice.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code coppice admin}. */
@Command(
        name = "admin",
        header = "What a server's operator does for others.",
        description =
                "Asks a running server, with the operator's token: a file that serve makes in --data, or is given.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  coppice admin release --name alice",
            "",
            "Exit codes: see coppice admin COMMAND --help."
        })
public final class AdminCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    private AdminCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command with all that stand below it. */
    public static CommandLine withSubcommands(Terminal terminal) {
        return new CommandLine(new AdminCommand(terminal)).addSubcommand(new ReleaseName(terminal));
    }

    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
