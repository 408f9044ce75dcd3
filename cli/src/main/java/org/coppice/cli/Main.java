package org.coppice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code coppice} command. */
@Command(
        name = "coppice",
        description = "Messaging Layer Security (RFC 9420) on the command line",
        version = "coppice 0.1.0",
        mixinStandardHelpOptions = true)
public final class Main implements Runnable {

    private Main() {}

    /**
     * Runs the command and exits with its status.
     *
     * @param args the arguments of the command line
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
