package org.coppice.cli.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Providers;
import org.coppice.cli.Terminal;
import org.coppice.interop.InteropServer;
import org.coppice.interop.InteropService;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coppice interop}. */
@Command(
        name = "interop",
        header = "Let other MLS implementations be tested against this one.",
        description = {
            "Runs a server that acts as any number of clients, each at the word of the working group's test runner "
                    + "(github.com/mlswg/mls-implementations, interop/). It runs until it is told to stop (Ctrl-C, SIGTERM), and "
                    + "says on standard error which calls failed and why.",
            "For tests alone: it believes every credential and hands out private keys. docs/INTEROP.md tells how it is used."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "coppice interop [OPTION]...",
        footer = {
            "",
            "Examples:",
            "  coppice interop --port 50001",
            "  coppice interop --port 50001 --provider jdk --no-grease",
            "",
            "Exit codes: 0 stopped as told, 2 wrong usage, 3 address cannot be used."
        })
public final class InteropCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    private final Terminal terminal;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "50001",
            description = "listen on this port; 0 for any that is free (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "listen on this address (default: ${DEFAULT-VALUE})")
    private String host;

    @Option(names = "--no-grease", description = "leave out the values that others have to ignore")
    private boolean noGrease;

    @Mixin
    private Providers providers;

    /** @param terminal where to read and write */
    public InteropCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (port < 0 || port > MAX_PORT) {
            throw CommandFailure.usage("no such port: " + port, "run: coppice interop --help");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw CommandFailure.input("no such host: " + host, "");
        }
        CountDownLatch told = new CountDownLatch(1);
        try (InteropServer server =
                InteropServer.start(address, new InteropService(providers.load(), !noGrease, terminal::say))) {
            // Not a shutdown hook: with one, the exit code would tell of a death by signal.
            Object term = Signals.register("TERM", told::countDown);
            Object interrupt = Signals.register("INT", told::countDown);
            terminal.out().println("Coppice plays MLS clients on " + host + ":" + server.port());
            terminal.out().flush();
            told.await();
            Signals.unregister("TERM", term);
            Signals.unregister("INT", interrupt);
        } catch (IOException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw CommandFailure.input(
                    "cannot listen on " + host + ":" + port + ": " + reason, "another server? choose another --port");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.SUCCESS;
    }
}
