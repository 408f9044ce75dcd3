package org.coppice.cli.group;

import org.coppice.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code coppice group}. */
@Command(
        name = "group",
        header = "Make and change conversations, without a chat.",
        description = {
            "Each does one thing and ends, for scripts. A conversation is named by its name, or by the beginning of its id where "
                    + "two have one name. What the server cannot be told now is kept and done later."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  coppice group create garden --as alice",
            "  coppice group invite garden bob carol --as alice",
            "  coppice group history garden --as alice --json",
            "",
            GroupCommand.EXIT_CODES,
            GroupCommand.EXIT_CODES_2
        })
public final class GroupCommand implements Runnable {
    /** How each of them ends. */
    static final String EXIT_CODES = "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no such account or";

    /** The rest of the line. */
    static final String EXIT_CODES_2 = "conversation, 69 server not reached, 75 not yet, but kept.";

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    private GroupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command with all that stand below it. */
    public static CommandLine withSubcommands(Terminal terminal) {
        return new CommandLine(new GroupCommand(terminal))
                .addSubcommand(new CreateGroup(terminal))
                .addSubcommand(new InviteToGroup(terminal))
                .addSubcommand(new RemoveFromGroup(terminal))
                .addSubcommand(new LeaveGroup(terminal))
                .addSubcommand(new RenameGroup(terminal))
                .addSubcommand(new ListGroups(terminal))
                .addSubcommand(new GroupMembers(terminal))
                .addSubcommand(new GroupHistory(terminal));
    }

    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
    }
}
