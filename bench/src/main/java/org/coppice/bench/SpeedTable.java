package org.coppice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Measures every line of the table of speed and prints it as Markdown, each operation side by side with its floor and with Bouncy
 * Castle's. Progress goes to standard error.
 *
 * <p>Run it by {@code bench/run}. Arguments: {@code quick} or {@code full}, then optionally {@code --lines=ENCRYPT,JOIN},
 * {@code --members=2,1000}, {@code --largest=30000} for joining and creating, {@code --sources=NATIVE}, {@code --seconds=2} for each
 * measurement, {@code --peer=false}.
 */
public final class SpeedTable {
    private static final int[] QUICK = {2, 100, 1000};
    private static final int[] FULL = {2, 10, 100, 1000, 10_000};
    /** Only for what is linear in the members, in full mode unless asked for. */
    private static final String LARGEST = "30000";
    /** Above this, the peer needs minutes to create a group. */
    private static final int PEER_CREATES = 1000;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Map<Integer, FullTree> trees = new HashMap<>();
    private final boolean full;
    private final int[] members;
    private final int largest;
    private final Set<Line> lines;
    private final Set<Source> sources;
    private final boolean peer;
    private final Meter meter;
    private final Meter warmUp;

    private SpeedTable(boolean full, Map<String, String> options) {
        this.full = full;
        this.members = options.containsKey("members")
                ? List.of(options.get("members").split(",")).stream()
                        .mapToInt(Integer::parseInt)
                        .toArray()
                : full ? FULL : QUICK;
        this.largest = Integer.parseInt(options.getOrDefault("largest", full ? LARGEST : "0"));
        this.lines = EnumSet.noneOf(Line.class);
        for (String line : names(options, "lines", Line.values())) {
            lines.add(Line.valueOf(line));
        }
        this.sources = EnumSet.noneOf(Source.class);
        for (String source : names(options, "sources", Source.values())) {
            sources.add(Source.valueOf(source));
        }
        this.peer = !"false".equals(options.get("peer"));
        double seconds = Double.parseDouble(options.getOrDefault("seconds", full ? "4" : "1"));
        this.meter = new Meter((long) (seconds * 1e9), (long) (seconds * 1e9));
        this.warmUp = new Meter(full ? 60_000_000_000L : 10_000_000_000L, 0);
    }

    private static List<String> names(Map<String, String> options, String key, Enum<?>[] all) {
        if (options.containsKey(key)) {
            return List.of(options.get(key).toUpperCase(Locale.ROOT).split(","));
        }
        List<String> out = new ArrayList<>();
        for (Enum<?> value : all) {
            out.add(value.name());
        }
        return out;
    }

    /**
     * Prints the table.
     *
     * @param args as the class comment says
     * @throws Exception whatever a measured operation throws, which none does
     */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (String arg : args) {
            if (arg.startsWith("--") && arg.contains("=")) {
                options.put(arg.substring(2, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
            } else if (!arg.equals("quick") && !arg.equals("full")) {
                System.err.println("bench: what is " + arg + "?");
                System.err.println(
                        "hint: quick or full, --lines=.. --members=.. --largest=.. --sources=.. --seconds=.. --peer=false");
                System.exit(2);
            }
        }
        new SpeedTable(List.of(args).contains("full"), options).print();
    }

    private void print() throws Exception {
        machine();
        warmUp();
        timings();
        if (lines.size() == Line.values().length) {
            state();
            memory();
            parallel();
        }
    }

    // ---- what it ran on

    private void machine() throws IOException {
        out.printf("Measured on %s, %s mode.%n%n", LocalDate.now(), full ? "full" : "quick");
        out.printf(
                "- machine: %s, %d processors, %s %s%n",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        out.printf("- Java: %s, %s%n", System.getProperty("java.runtime.version"), System.getProperty("java.vm.name"));
        for (Source source : sources) {
            out.printf("- %s: %s%n", source, source.describe());
        }
        out.printf("- jars: %s%n%n", jars());
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return "unknown processor";
        }
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown processor");
    }

    private static String jars() {
        List<String> names = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(System.getProperty("path.separator"))) {
            String name = Path.of(entry).getFileName().toString();
            if (name.startsWith("bc") || name.startsWith("conscrypt") || name.startsWith("Amazon")) {
                names.add(name.replace(".jar", ""));
            }
        }
        return String.join(", ", names);
    }

    // ---- timings

    /** Lets the compiler see every operation before the first is measured, so that the order of lines does not matter. */
    private void warmUp() throws Exception {
        for (Line line : lines) {
            for (Source source : sources) {
                System.err.println("warm-up: " + line.label() + ", " + source);
                measure(line, setting(source, 100), warmUp, false);
            }
        }
    }

    private void timings() throws Exception {
        for (Source source : sources) {
            boolean withPeer = peer && source == Source.NATIVE;
            out.printf("### %s: microseconds of thread time%n%n", source);
            out.println("| operation | N | Coppice | floor | ratio | aim | bytes allocated | Bouncy Castle | to it |");
            out.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            for (Line line : lines) {
                for (int count : members) {
                    row(line, setting(source, count), withPeer);
                }
                if (largest > 0 && (line == Line.JOIN || line == Line.CREATE)) {
                    row(line, setting(source, largest), withPeer);
                }
            }
            out.println();
        }
    }

    private Setting setting(Source source, int count) {
        return new Setting(source, count, trees);
    }

    private void row(Line line, Setting setting, boolean withPeer) throws Exception {
        System.err.println(line.label() + ", N = " + setting.members() + ", " + setting.source());
        boolean creates = line != Line.CREATE || setting.members() <= PEER_CREATES;
        List<Meter.Result> results = measure(line, setting, meter, withPeer && creates);
        Meter.Result own = results.get(1);
        out.printf(
                Locale.ROOT,
                "| %s | %,d | %s | %s | %s%.2f%s | %.1f | %,.0f | %s | %s |%n",
                line.label(),
                setting.members(),
                micros(own.micros()),
                micros(results.get(0).micros()),
                own.ratio() > line.aim() ? "**" : "",
                own.ratio(),
                own.ratio() > line.aim() ? "**" : "",
                line.aim(),
                own.bytes(),
                results.size() > 2 ? micros(results.get(2).micros()) : "-",
                results.size() > 2
                        ? String.format(
                                Locale.ROOT,
                                "%.2f",
                                own.micros() / results.get(2).micros())
                        : "-");
    }

    private static List<Meter.Result> measure(Line line, Setting setting, Meter meter, boolean withPeer)
            throws Exception {
        List<Operation> operations = new ArrayList<>();
        operations.add(line.floor(setting));
        operations.add(line.coppice(setting));
        if (withPeer) {
            operations.add(line.bouncyCastle(setting));
        }
        return meter.measure(operations);
    }

    private static String micros(double value) {
        return String.format(Locale.ROOT, value < 1000 ? "%,.1f" : "%,.0f", value);
    }

    // ---- what is no timing

    private void state() throws Exception {
        out.println("### State written for an empty commit in a full tree");
        out.println();
        out.println("| N | by its committer | by a member who processes it |");
        out.println("| ---: | --- | --- |");
        for (int count : members) {
            StatePerCommit state = StatePerCommit.of(setting(Source.NATIVE, count));
            out.printf(Locale.ROOT, "| %,d | %s | %s |%n", count, state.made(), state.processed());
        }
        out.println();
    }

    private void memory() throws Exception {
        out.println("### Heap kept by a joined group, in bytes");
        out.println();
        out.println("| N | leaf nodes | Coppice | ratio | aim | Bouncy Castle |");
        out.println("| ---: | ---: | ---: | ---: | ---: | ---: |");
        for (int count : members) {
            // The native libraries free their handles late, which would be counted.
            Memory memory = Memory.of(setting(Source.JDK, count));
            out.printf(
                    Locale.ROOT,
                    "| %,d | %,d | %,d | %.2f | 2.0 | %,d |%n",
                    count,
                    memory.leaves(),
                    memory.group(),
                    memory.ratio(),
                    memory.bouncyCastle());
        }
        out.println();
    }

    private void parallel() throws Exception {
        out.println("### A second thread, milliseconds by the clock");
        out.println();
        out.println("| operation | N | 1 thread | 2 threads | faster by |");
        out.println("| --- | ---: | ---: | ---: | ---: |");
        int count = members[members.length - 1];
        Setting setting = setting(Source.NATIVE, count);
        parallel("join by Welcome", count, Parallel.of(setting, CoppiceOperations::join));
        parallel("create and add all", count, Parallel.of(setting, CoppiceOperations::create));
        out.println();
    }

    private void parallel(String label, int count, Parallel times) {
        out.printf(
                Locale.ROOT,
                "| %s | %,d | %,.0f | %,.0f | %.2f |%n",
                label,
                count,
                times.oneMillis(),
                times.twoMillis(),
                times.oneMillis() / times.twoMillis());
    }
}
