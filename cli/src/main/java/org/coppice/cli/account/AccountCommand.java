package org.coppice.cli.account;

import org.coppice.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code coppice account}. */
@Command(
        name = "account",
        header = "Make, list and remove accounts.",
        description = {
            "An account is one device of one person: keys and conversations in a sealed store under --home, and a name that "
                    + "a server knows."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  coppice account new --name alice",
            "  coppice account list",
            "",
            "Exit codes: see coppice account COMMAND --help."
        })
public final class AccountCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    private AccountCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command with all that stand below it. */
    public static CommandLine withSubcommands(Terminal terminal) {
        return new CommandLine(new AccountCommand(terminal))
                .addSubcommand(new NewAccount(terminal))
                .addSubcommand(new ListAccounts(terminal))
                .addSubcommand(new AccountCode(terminal))
                .addSubcommand(new RevokeDevice(terminal))
                .addSubcommand(new RemoveAccount(terminal));
    }

    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
