package org.coppice.cli.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Terminal;
import org.coppice.cli.Texts;
import org.coppice.cli.account.OperatorCall;
import org.coppice.delivery.api.UserName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coppice admin release}. */
@Command(
        name = "release",
        header = "Give a name back whose keys are lost.",
        description = {
            "A name belongs to who registered it first, and a further device needs the word of one that has its key. Where the "
                    + "last key is lost, nobody can have the name any more. This unregisters all its devices and frees the "
                    + "name: whoever registers it next has it.",
            "Who has it next is somebody else to all who compared safety numbers, and comes into no conversation of before "
                    + "unless a member invites; the device of before stays in its conversations, mute, until a member removes it. "
                    + "Make sure who asks: those who never compared numbers go by the name alone."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice admin release --name alice",
            "  coppice admin release --name alice --server https://chat.example.org \\",
            "      --token-file operator-token",
            "",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 bad input,",
            "69 server not reached."
        })
public final class ReleaseName implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--name", paramLabel = "USER", required = true, description = "the name")
    private String name;

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8420",
            description = "the server (default: ${DEFAULT-VALUE})")
    private String server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:COPPICE_HOME:-${sys:user.home}/.coppice}/server/operator-token",
            description = "the operator's token is its first line (default: what serve made on this machine, "
                    + "~/.coppice/server/operator-token)")
    private Path tokenFile;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "authorities of the server's certificate, in PEM (default: those of this machine)")
    private Path trust;

    @Option(names = "--allow-http", description = "allow http to another machine, where the network is protected")
    private boolean allowHttp;

    /** @param terminal where to read and write */
    public ReleaseName(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        UserName user;
        try {
            user = new UserName(name);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("no name of a user: " + name, "such as alice: a-z, 0-9, . _ -");
        }
        List<String> released = OperatorCall.at(server, allowHttp, Optional.ofNullable(trust), token())
                .release(user);
        terminal.out().println(user + " is free: whoever registers it next has it");
        released.forEach(device -> terminal.out().println("  " + Texts.oneLine(device) + " is registered no longer"));
        if (!released.isEmpty()) {
            terminal.say("in its conversations it is a member that can do nothing, until one of the others removes it:"
                    + " coppice group remove");
        }
        return ExitCode.SUCCESS;
    }

    private String token() {
        try (var lines = Files.lines(tokenFile)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(
                            () -> CommandFailure.input("no token in " + tokenFile, "it is expected in the first line"));
        } catch (IOException | java.io.UncheckedIOException e) {
            throw CommandFailure.input(
                    "cannot read the operator's token in " + tokenFile,
                    "--token-file names the file that serve was given, or has made in its --data");
        }
    }
}
