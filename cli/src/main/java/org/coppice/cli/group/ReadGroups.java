package org.coppice.cli.group;

import org.coppice.cli.Colours;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.AsAccount;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that tells what this client knows, after it has taken in what is new. */
abstract class ReadGroups extends AsAccount {
    @Option(names = "--offline", description = "tell what is known here, without asking the server")
    private boolean offline;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin
    private Colours colours;

    ReadGroups(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected final int run(Account account) {
        if (!offline) {
            account.sync(terminal);
        }
        if (json) {
            printJson(account);
        } else {
            print(account, colours.on(terminal));
        }
        return ExitCode.SUCCESS;
    }

    /** Tells a person. */
    abstract void print(Account account, boolean coloured);

    /** Tells a program. */
    abstract void printJson(Account account);
}
