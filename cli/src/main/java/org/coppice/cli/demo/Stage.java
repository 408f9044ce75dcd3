package org.coppice.cli.demo;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.coppice.cli.Main;
import org.coppice.cli.Terminal;
import org.coppice.delivery.server.DeliveryServer;
import org.coppice.delivery.server.ServerConfig;
import org.coppice.delivery.server.Storage;

/** Where the demonstration happens: a directory that goes with it, a server in this process, clients in others. */
final class Stage implements AutoCloseable {
    private final Path directory;
    private final DeliveryServer server;
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final Thread onInterrupt = new Thread(this::killAll, "ends the clients");

    private Stage(Path directory, DeliveryServer server) {
        this.directory = directory;
        this.server = server;
    }

    static Stage open() throws IOException {
        Path directory = Files.createTempDirectory("coppice-demo");
        boolean done = false;
        try {
            DeliveryServer server = DeliveryServer.start(ServerConfig.DEFAULT
                    .withStorage(new Storage.Directory(directory.resolve("server")))
                    .withAddress("127.0.0.1", 0)
                    .withOps(Optional.empty())
                    .withDrain(Duration.ZERO, Duration.ofSeconds(2)));
            Stage out = new Stage(directory, server);
            Runtime.getRuntime().addShutdownHook(out.onInterrupt);
            done = true;
            return out;
        } finally {
            if (!done) {
                delete(directory);
            }
        }
    }

    String url() {
        return server.url();
    }

    /** Where the server keeps everything. */
    Path serverData() {
        return directory.resolve("server");
    }

    /** Where somebody's account is. */
    Path home(String name) {
        return directory.resolve(name);
    }

    /** Starts a process of this very command for somebody. What it says on standard error goes to a file of its own. */
    Process start(String name, List<String> args) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Short-lived and small: none needs the best machine code, or several threads to collect garbage.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx256m"));
        if (Runtime.version().feature() >= 22) {
            line.add("--enable-native-access=ALL-UNNAMED");
        }
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.coppice.cli.Main"));
        line.addAll(args);
        line.addAll(List.of("--home", home(name).toString()));
        File errors = errors(name).toFile();
        Process out = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors))
                .start();
        processes.add(out);
        return out;
    }

    /** Runs a command of somebody in this process, and returns its exit code. */
    int run(String name, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--home", home(name).toString()));
        try (PrintStream errors = new PrintStream(errors(name).toFile(), StandardCharsets.UTF_8)) {
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            return Main.run(
                    new Terminal(InputStream.nullInputStream(), nowhere, errors, false, false, false),
                    all.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path errors(String name) {
        return directory.resolve(name + ".err");
    }

    /** What somebody's processes said on standard error. */
    String complaints(String name) {
        try {
            return Files.exists(errors(name)) ? Files.readString(errors(name), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void killAll() {
        processes.forEach(Process::destroyForcibly);
    }

    /** Ends everybody and the server, so that what it has kept can be looked at. */
    void curtain() throws IOException {
        killAll();
        for (Process process : processes) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        server.close();
    }

    @Override
    public void close() throws IOException {
        try {
            curtain();
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
        } catch (IllegalStateException e) {
            // The process ends already, and the hook runs.
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
