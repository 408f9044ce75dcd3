package org.coppice.bench.client;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures what the SDK costs a client, with its sealed SQLite store, and prints tables as Markdown. Run it by {@code bench/run client};
 * arguments: {@code --groups=500}, {@code --messages=20} for the catching up, {@code --members=1000,10000} for the large groups.
 */
public final class ClientTable {
    private ClientTable() {}

    /** Prints the tables. */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path directory = Files.createTempDirectory("coppice-bench");
        try {
            out.println("\n## After a day's absence\n\n" + Metered.Sample.HEAD);
            int groups = Integer.parseInt(option(args, "groups", "500"));
            int messages = Integer.parseInt(option(args, "messages", "20"));
            Path first = Files.createDirectory(directory.resolve("catch-up"));
            new CatchUp(first, groups, messages).run().forEach(out::println);
            out.println("\n## In a large group\n\n" + Metered.Sample.HEAD);
            for (String members : List.of(option(args, "members", "1000,10000").split(","))) {
                Path place = Files.createDirectory(directory.resolve(members));
                new LargeGroup(place, Integer.parseInt(members)).run().forEach(out::println);
            }
        } finally {
            delete(directory);
        }
    }

    private static String option(String[] args, String name, String standard) {
        for (String arg : args) {
            if (arg.startsWith("--" + name + "=")) {
                return arg.substring(name.length() + 3);
            }
        }
        return standard;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
