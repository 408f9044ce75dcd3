package org.coppice.cli.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.coppice.cli.Colours;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Providers;
import org.coppice.cli.Terminal;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CompositeCryptoProvider;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.StandardSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.SeededRandomness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coppice demo}. */
@Command(
        name = "demo",
        header = "Tell the life of a group, and try everything that is told.",
        description = {
            "Tells the life of a group: several clients in one process, each with its own keys and store, go through all "
                    + "that MLS does. Whatever it says about who can read what was tried a moment before.",
            "With --server it tells another story: a server on a free port of this machine, and three clients in processes of "
                    + "their own that talk through it; one is killed and comes back."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice demo",
            "  coppice demo --members 12 --seed hazel",
            "  coppice demo --server",
            "",
            "Exit codes: 0 all that should hold does, 1 something does not, 2 wrong usage,",
            "75 the machine was too slow to tell (--server)."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int MIN_MEMBERS = 3;
    private static final int MAX_MEMBERS = 100_000;
    /** A day in the season in which coppice is cut. */
    private static final Instant SEEDED_TIME = Instant.parse("2026-01-15T08:00:00Z");

    private final Terminal terminal;

    @Mixin
    private Colours colours;

    @Spec
    private CommandSpec spec;

    @Option(names = "--server", description = "the story of a server, and clients in processes of their own")
    private boolean server;

    @Option(names = "--members", paramLabel = "N", defaultValue = "5", description = "members at first (default: 5)")
    private int members;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "3",
            description = "messages in each conversation (default: 3)")
    private int messages;

    @Option(names = "--suite", paramLabel = "N", defaultValue = "1", description = "cipher suite, 1 to 7 (default: 1)")
    private int suite;

    @Option(
            names = "--seed",
            paramLabel = "TEXT",
            description = "the same seed gives the same output, byte for byte (default: true randomness)")
    private String seed;

    @Option(names = "--json", description = "print the summary only, as JSON")
    private boolean json;

    /** @param terminal where to read and write */
    public DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws MlsException {
        return server ? tellOfServer() : tellOfGroup();
    }

    private int tellOfServer() {
        for (String other : List.of("--members", "--messages", "--suite", "--seed")) {
            if (spec.commandLine().getParseResult().hasMatchedOption(other)) {
                throw CommandFailure.usage("--server and " + other + " exclude each other", "run: coppice demo --help");
            }
        }
        long start = System.nanoTime();
        Narrator narrator = narrator();
        narrator.title("A coppice is cut back, and grows again", "1 server, 3 clients, each a process of its own");
        try (Stage stage = Stage.open()) {
            ServerTally tally = new ServerStory(stage, narrator).tell();
            long millis = (System.nanoTime() - start) / 1_000_000;
            if (json) {
                terminal.out().println(tally.json(millis));
            } else {
                tally.print(narrator, millis);
            }
            return tally.allHold() ? ExitCode.SUCCESS : ExitCode.FAILED_CHECK;
        } catch (IOException e) {
            throw CommandFailure.check(
                    "the demonstration cannot run here: " + e.getMessage(), "coppice doctor may know why");
        }
    }

    private Narrator narrator() {
        PrintStream out =
                json ? new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) : terminal.out();
        return new Narrator(out, colours.on(terminal), terminal.width());
    }

    private int tellOfGroup() throws MlsException {
        check();
        Randomness randomness = seed == null ? Randomness.system() : new SeededRandomness(seed);
        Clock clock = seed == null ? Clock.systemUTC() : Clock.fixed(SEEDED_TIME, ZoneOffset.UTC);
        Narrator narrator = narrator();
        CipherSuite chosen = new CipherSuite(suite);
        CompositeCryptoProvider provider = provider(chosen);
        narrator.title(
                "A coppice is cut back, and grows again",
                members + " members, " + chosen + (seed == null ? "" : ", seed " + seed));
        World world = new World(terminal, narrator);
        long start = System.nanoTime();
        new Story(
                        new Story.Setting(
                                Environment.builder().provider(provider).clock(clock),
                                randomness,
                                chosen,
                                members,
                                messages),
                        world)
                .tell();
        long millis = (System.nanoTime() - start) / 1_000_000;
        Summary summary = new Summary(world);
        if (json) {
            terminal.out().println(summary.json(seed));
        } else {
            summary.print(narrator);
            if (seed == null) {
                narrator.tell("All of it took " + millis + " ms of one process. Give --seed to see the same again.");
            }
        }
        return world.tally().allHold() ? ExitCode.SUCCESS : ExitCode.FAILED_CHECK;
    }

    /**
     * The fastest. But native libraries draw nonces of ECDSA from the system: under a seed they serve only suites with EdDSA, whose
     * signatures follow from key and message alone.
     */
    private CompositeCryptoProvider provider(CipherSuite chosen) {
        boolean isEcdsa = StandardSuite.of(chosen).orElseThrow().signature().isEcdsa();
        return Providers.load(seed != null && isEcdsa ? Providers.Choice.bc : Providers.Choice.best);
    }

    private void check() {
        if (members < MIN_MEMBERS || members > MAX_MEMBERS) {
            throw CommandFailure.usage(
                    "the story needs " + MIN_MEMBERS + " to " + MAX_MEMBERS + " members, not " + members,
                    "run: coppice demo --members 5");
        }
        if (messages < 1 || messages > 10_000) {
            throw CommandFailure.usage("1 to 10000 messages, not " + messages, "run: coppice demo --messages 3");
        }
        if (suite < 1 || suite > CipherSuite.STANDARD.size()) {
            throw CommandFailure.usage("no such cipher suite: " + suite, "the suites of RFC 9420 are 1 to 7");
        }
    }
}
