package org.coppice.bench.delivery;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.coppice.bench.Source;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.mls.framing.MlsMessage;

/**
 * Measures the delivery service and prints tables in Markdown: writers, what a group's size costs, idle streams. Writers and database
 * share the processors with the clients that feed them; what clients compute is computed before, but for their own loops.
 *
 * <p>Run it by {@code bench/run delivery}. Arguments, all optional: {@code --parts=writers,growth,streams},
 * {@code --engines=sqlite,postgresql}, {@code --writers=64}, {@code --seconds=10} for each measurement, {@code --members=10,1000,10000},
 * {@code --streams=10000} (the system has to allow a process as many open files), {@code --dir=/var/tmp} for a file system that is to be
 * measured.
 */
public final class DeliveryTable {
    private static final int SMALL = 10;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Map<String, String> options;
    private final Path directory;
    private int names;

    private DeliveryTable(Map<String, String> options, Path directory) {
        this.options = options;
        this.directory = directory;
    }

    /**
     * Prints the tables.
     *
     * @param args as the class comment says
     */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = new HashMap<>(Map.of(
                "parts", "writers,growth,streams",
                "engines", "sqlite,postgresql",
                "writers", "64",
                "seconds", "10",
                "members", "10,1000,10000",
                "streams", "10000",
                "dir", System.getProperty("java.io.tmpdir")));
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0 || !options.containsKey(arg.substring(2, equals))) {
                System.err.println("bench: what is " + arg + "?");
                System.err.println(
                        "hint: --parts=.. --engines=.. --writers=.. --seconds=.. --members=.. --streams=.. --dir=..");
                System.exit(2);
            }
            options.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
        Path directory = Files.createTempDirectory(Path.of(options.get("dir")), "coppice-bench");
        try {
            new DeliveryTable(options, directory).print();
        } finally {
            delete(directory);
        }
        System.exit(0); // threads of pools may linger for a minute
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private boolean has(String list, String what) {
        return List.of(options.get(list).split(",")).contains(what);
    }

    private int number(String name) {
        return Integer.parseInt(options.get(name));
    }

    private double seconds() {
        return Double.parseDouble(options.get("seconds"));
    }

    private void print() throws Exception {
        out.printf(
                "Measured on %s: Java %s, %d processors, %s.%n%n",
                LocalDate.now(),
                System.getProperty("java.runtime.version"),
                Runtime.getRuntime().availableProcessors(),
                Source.NATIVE.describe());
        for (String engine : options.get("engines").split(",")) {
            Path own = Files.createDirectories(directory.resolve(engine));
            try (Database database =
                    engine.equals("sqlite") ? new Database.Sqlite(own) : Database.Postgres.start(own)) {
                if (has("parts", "writers")) {
                    writers(database);
                }
                if (has("parts", "growth")) {
                    growth(database);
                }
            }
        }
        if (has("parts", "streams")) {
            streams();
        }
    }

    private String name(String prefix) {
        return prefix + names++;
    }

    // ---- writers

    private void writers(Database database) throws Exception {
        int count = number("writers");
        try (Service service = Service.open(database)) {
            List<BenchGroup> groups = new ArrayList<>();
            List<MlsMessage> messages = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                groups.add(BenchGroup.create(service, name("w"), SMALL));
                messages.add(groups.get(i).message());
            }
            out.printf("%d writers, groups of %d, %s:%n%n", count, SMALL, database);
            out.println("| what | per second | p50 ms | p99 ms |");
            out.println("| --- | ---: | ---: | ---: |");
            speak(groups, messages, Math.min(5, seconds()));
            row("messages of 1 KiB, each writer to its own group", speak(groups, messages, seconds()));
            List<BenchGroup> one = new ArrayList<>();
            List<MlsMessage> same = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                one.add(groups.get(0));
                same.add(messages.get(0));
            }
            row("messages of 1 KiB, all to one group", speak(one, same, seconds()));
            commit(groups, 30);
            row("Commits, each writer to its own group", commit(groups, (int) (seconds() * 15)));
        }
        if (database instanceof Database.Sqlite sqlite) {
            floor("rows of 1 KiB, one at a time", Floor.sqliteRowsPerSecond(sqlite, 1, seconds()));
            floor("rows of 1 KiB, " + count + " at a time", Floor.sqliteRowsPerSecond(sqlite, count, seconds()));
        } else if (database instanceof Database.Postgres postgres) {
            floor(
                    "rows of 1 KiB, one at a time by each of " + Database.Postgres.CONNECTIONS + " connections",
                    Floor.postgresRowsPerSecond(postgres, seconds()));
        }
        out.println();
    }

    private static Writers.Result speak(List<BenchGroup> groups, List<MlsMessage> messages, double seconds)
            throws Exception {
        List<Writers.Step> steps = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            BenchGroup group = groups.get(i);
            MlsMessage message = messages.get(i);
            steps.add(() -> {
                group.session().send(BenchGroup.request(), message);
                return true;
            });
        }
        return Writers.run(steps, seconds);
    }

    /** Every writer has as many Commits ready; measured until the first has none left. */
    private static Writers.Result commit(List<BenchGroup> groups, int each) throws Exception {
        List<Writers.Step> steps = new ArrayList<>();
        for (BenchGroup group : groups) {
            Deque<CommitBundle> ready = new ArrayDeque<>();
            for (int i = 0; i < each; i++) {
                ready.add(group.nextCommit());
            }
            steps.add(() -> {
                CommitBundle next = ready.poll();
                if (next != null) {
                    group.session().commit(BenchGroup.request(), next);
                }
                return next != null;
            });
        }
        Writers.Result result = Writers.run(steps, 600);
        // What the others have left is sent too: their groups have gone on without it.
        for (Writers.Step step : steps) {
            while (step.run()) {
                continue;
            }
        }
        return result;
    }

    private void row(String what, Writers.Result result) {
        out.printf(Locale.ROOT, "| %s | %,.0f | %.2f | %.2f |%n", what, result.perSecond(), result.p50(), result.p99());
    }

    private void floor(String what, double perSecond) {
        out.printf(Locale.ROOT, "| floor: %s | %,.0f | | |%n", what, perSecond);
    }

    // ---- growth

    private void growth(Database database) throws Exception {
        out.printf("One writer, by the number of members, %s, milliseconds at the service:%n%n", database);
        out.println("| members | message p50 | p99 | empty Commit p50 | p99 | bytes of the Commit and its GroupInfo |");
        out.println("| ---: | ---: | ---: | ---: | ---: | ---: |");
        try (Service service = Service.open(database)) {
            for (String members : options.get("members").split(",")) {
                int size = Integer.parseInt(members);
                BenchGroup group = BenchGroup.create(service, name("g"), size);
                MlsMessage message = group.message();
                int bytes = group.sendCommit();
                // Once for the compiler.
                speak(List.of(group), List.of(message), Math.min(3, seconds()));
                Writers.Result spoken = speak(List.of(group), List.of(message), seconds() / 2);
                commit(List.of(group), 200);
                Writers.Result committed = commit(List.of(group), (int) (seconds() * 50));
                out.printf(
                        Locale.ROOT,
                        "| %,d | %.2f | %.2f | %.2f | %.2f | %,d |%n",
                        size,
                        spoken.p50(),
                        spoken.p99(),
                        committed.p50(),
                        committed.p99(),
                        bytes);
            }
        }
        out.println();
    }

    // ---- streams

    private void streams() throws Exception {
        int count = number("streams");
        Path data = Files.createDirectories(directory.resolve("streams"));
        List<String> tokens;
        MlsMessage message;
        String group;
        try (Service service = Service.open(new Database.Sqlite(data))) {
            BenchGroup created = BenchGroup.create(service, name("s"), count);
            tokens = created.tokens();
            message = created.message();
            group = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(created.groupId().toByteArray());
        }
        try (ServerProcess server = ServerProcess.start(data)) {
            long heapBefore = server.heap();
            long begun = System.nanoTime();
            try (Streams streams = Streams.open(server.port(), tokens)) {
                double opened = (System.nanoTime() - begun) / 1e9;
                streams.idle(5);
                double processor = server.processor();
                double idle = Math.max(40, seconds());
                streams.idle(idle);
                double share = (server.processor() - processor) / idle;
                long resident = server.resident();
                long heap = server.heap();
                out.printf(
                        Locale.ROOT, "%,d idle streams at one node on SQLite, all of one group:%n%n", streams.size());
                out.println("| what | |");
                out.println("| --- | ---: |");
                out.printf(Locale.ROOT, "| opened in | %.1f s |%n", opened);
                out.printf(
                        Locale.ROOT,
                        "| heap in use | %.0f MiB, %.0f without them |%n",
                        heap / 1048576.0,
                        heapBefore / 1048576.0);
                out.printf(Locale.ROOT, "| memory of the process | %.0f MiB |%n", resident / 1048576.0);
                out.printf(Locale.ROOT, "| open files | %,d |%n", server.files());
                out.printf(Locale.ROOT, "| share of a processor, heartbeats included | %.1f %% |%n", share * 100);
                for (int i = 1; i <= 3; i++) {
                    hint(streams, server.port(), tokens.get(0), group, message, i);
                }
            }
        }
        out.println();
    }

    private void hint(Streams streams, int port, String token, String group, MlsMessage message, int head)
            throws Exception {
        streams.forget();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/v1/groups/" + group + "/messages"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "message/mls")
                .header("Request-Id", BenchGroup.request().toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(message.encoded()))
                .build();
        long begin = System.nanoTime();
        var answer = HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
        long[] said = streams.await("\"head\":" + head, streams.size());
        if (answer.get().statusCode() != 200) {
            throw new IOException("the message was answered: " + answer.get().body());
        }
        out.printf(
                Locale.ROOT,
                "| a message reaches the first, half, all of them after | %.0f, %.0f, %.0f ms |%n",
                (said[0] - begin) / 1e6,
                (said[said.length / 2] - begin) / 1e6,
                (said[said.length - 1] - begin) / 1e6);
    }
}
