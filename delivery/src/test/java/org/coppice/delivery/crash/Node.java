package org.coppice.delivery.crash;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A process that runs {@link LoadMain}, to be killed. */
final class Node implements AutoCloseable {
    private final Process process;
    private final Path journal;

    private Node(Process process, Path journal) {
        this.process = process;
        this.journal = journal;
    }

    static Node start(String database, Path journals, int node, int life) throws IOException {
        // Names in the order of the lives, as a client's later reads are judged by its earlier ones.
        String name = String.format(Locale.ROOT, "node-%d-%04d", node, life);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LoadMain.class.getName(),
                database,
                journals.toString(),
                Integer.toString(node),
                name);
        File output = journals.resolve(name + ".out").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        return new Node(process, journals.resolve(name + ".journal"));
    }

    /** How much its clients have written about what they do. */
    long progress() {
        return journal.toFile().length();
    }

    /** What it printed. */
    String output() {
        try {
            return Files.readString(Path.of(journal.toString().replace(".journal", ".out")));
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: nothing of it runs any more, not even a shutdown hook. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the process outlives SIGKILL");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
