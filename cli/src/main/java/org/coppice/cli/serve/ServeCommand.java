package org.coppice.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.coppice.cli.Colours;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Style;
import org.coppice.cli.Terminal;
import org.coppice.delivery.ca.OperatorToken;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.jline.utils.Signals;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coppice serve}. */
@Command(
        name = "serve",
        header = "Run a delivery service.",
        description = {
            "Runs a server that hands out key packages, keeps the log of each conversation, and refuses commits that break a rule. "
                    + "It never holds a key that opens a message. It runs until it is told to stop (Ctrl-C, SIGTERM), and then "
                    + "finishes what it has begun.",
            "Every option can also be a variable, --public-url as COPPICE_PUBLIC_URL, or a line in the file that --config names, "
                    + "public-url = https://chat.example.org. The command line goes before variables, and those before the file."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "coppice serve [OPTION]...",
        footer = {
            "",
            "Examples:",
            "  coppice serve",
            "  coppice serve --data /var/lib/coppice --host 0.0.0.0 \\",
            "      --public-url https://chat.example.org \\",
            "      --tls-keystore server.p12 --tls-password-file server.pw",
            "  coppice serve --postgres postgresql://coppice@db/coppice --port 8430 \\",
            "      --ops-port 8431",
            "",
            "Exit codes: 0 stopped as told, 2 wrong usage, 3 data or address cannot be used."
        })
public final class ServeCommand implements Callable<Integer> {
    /** Where clients look unless told otherwise. */
    private static final String DEFAULT_URL = "http://127.0.0.1:8420";

    private final Terminal terminal;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "read options from this file (default: $COPPICE_CONFIG, or none)")
    private Path config;

    @ArgGroup(validate = false, heading = "%nWhere data are kept:%n")
    private StorageOptions storage = new StorageOptions();

    @ArgGroup(validate = false, heading = "%nWhere it listens:%n")
    private ListenOptions listen = new ListenOptions();

    @ArgGroup(validate = false, heading = "%nWho may do how much:%n")
    private RuleOptions rules = new RuleOptions();

    @ArgGroup(validate = false, heading = "%nWho is its operator:%n")
    private OperatorOptions operator = new OperatorOptions();

    @ArgGroup(validate = false, heading = "%nCertificates (docs/AUTHENTICATION.md):%n")
    private AuthorityOptions authority = new AuthorityOptions();

    @ArgGroup(validate = false, heading = "%nWhat it says:%n")
    private SayOptions say = new SayOptions();

    @Mixin
    private Colours colours;

    /** What it says. */
    static final class SayOptions {
        @Option(
                names = "--log-level",
                paramLabel = "LEVEL",
                defaultValue = "info",
                description = "log from this on: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Logs.Grade level;

        @Option(
                names = "--log-format",
                paramLabel = "FORMAT",
                defaultValue = "text",
                description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Logs.Format format;

        @Option(names = "--json", description = "say where it listens in one line of JSON")
        private boolean json;
    }

    /** @param terminal where to read and write */
    public ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Logs.set(say.format, say.level);
        CountDownLatch told = new CountDownLatch(1);
        DeliveryServer server = start();
        // Not a shutdown hook: with one, the exit code would tell of a death by signal.
        Object term = Signals.register("TERM", told::countDown);
        Object interrupt = Signals.register("INT", told::countDown);
        banner(server);
        try {
            told.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Who is told twice does not wait.
        Signals.unregister("TERM", term);
        Signals.unregister("INT", interrupt);
        try {
            server.close();
        } catch (IOException e) {
            throw CommandFailure.input(
                    "stopped, but not in order: " + e.getMessage(), "nothing that was confirmed is lost");
        }
        return ExitCode.SUCCESS;
    }

    private DeliveryServer start() {
        try {
            ServerConfig config = rules.apply(listen.apply(ServerConfig.DEFAULT.withStorage(storage.storage())));
            // Several servers on one database would each make a token of their own.
            boolean made = storage.isHere() || authority.isOn();
            Optional<OperatorToken> token = operator.token(storage.directory(), made);
            if (token.isPresent()) {
                config = config.withDelivery(config.delivery().withOperator(token.get()));
            }
            return DeliveryServer.start(authority.apply(config, storage.directory(), token));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "run: coppice serve --help");
        } catch (BindException e) {
            throw CommandFailure.input(
                    "cannot listen: " + e.getMessage(), "another server? choose another --port and --ops-port");
        } catch (IOException e) {
            boolean isPort = e.getCause() instanceof BindException;
            throw CommandFailure.input(
                    "cannot start: " + e.getMessage() + reason(e),
                    isPort ? "another server? choose another --port and --ops-port" : "");
        }
    }

    private static String reason(IOException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean isNew =
                cause != e && cause.getMessage() != null && !e.getMessage().contains(cause.getMessage());
        return isNew ? ": " + cause.getMessage().lines().findFirst().orElse("") : "";
    }

    private void banner(DeliveryServer server) {
        PrintStream out = terminal.out();
        if (say.json) {
            ObjectNode json = JsonNodeFactory.instance
                    .objectNode()
                    .put("url", server.url())
                    .put("port", server.port())
                    .put("data", storage.where());
            server.opsPort().ifPresent(port -> json.put("ops_port", port));
            out.println(json);
            out.flush();
            return;
        }
        boolean on = colours.on(terminal);
        ListenOptions.ClientSide client = listen.clientSide(server.url());
        out.println(Style.STRONG.apply("Coppice serves " + client.url(), on));
        if (!client.url().endsWith(":" + server.port())) {
            out.println(Style.FAINT.apply("  port     ", on) + server.port());
        }
        out.println(Style.FAINT.apply("  data     ", on) + storage.where());
        server.opsPort()
                .ifPresent(port -> out.println(
                        Style.FAINT.apply("  health   ", on) + listen.opsUrl(port) + "/health/ready, /metrics"));
        out.println();
        out.println("Next, each in a terminal of its own:");
        if (authority.isOn()) {
            out.println("  " + AuthorityOptions.example(client.url(), operator.file(storage.directory())));
        }
        client.export().ifPresent(command -> out.println("  " + command));
        out.println("  coppice account new --name alice"
                + (client.url().equals(DEFAULT_URL) ? "" : " --server " + client.url())
                + (client.export().isPresent() ? " --trust server.pem" : "")
                + (authority.isOn() ? " --code -" : ""));
        out.println("  coppice chat --as alice");
        out.println(Style.FAINT.apply("Ctrl-C ends it.", on));
        out.flush();
        if (listen.isOpenInClear()) {
            terminal.say(
                    "others on the way can see who talks to whom: give --tls-keystore, or put a proxy with TLS before it");
        }
    }
}
