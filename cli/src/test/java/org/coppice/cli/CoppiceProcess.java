package org.coppice.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command as a process of its own. */
public final class CoppiceProcess implements AutoCloseable {
    private final Process process;
    private final Path errors;
    private final BufferedReader out;

    private CoppiceProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it; {@code directory} takes what it says on standard error. */
    public static CoppiceProcess start(Path directory, Map<String, String> environment, String... args) {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        if (Runtime.version().feature() >= 22) {
            // As the launcher does: newer Java warns on standard error of each native library otherwise.
            line.add("--enable-native-access=ALL-UNNAMED");
        }
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.coppice.cli.Main"));
        line.addAll(List.of(args));
        try {
            Path errors = Files.createTempFile(directory, "run", ".err");
            ProcessBuilder builder = new ProcessBuilder(line).redirectError(errors.toFile());
            builder.environment().putAll(environment);
            return new CoppiceProcess(builder.start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server with an authority, whose clients need its certificates; what it keeps is in {@code directory}, too. */
    public static CoppiceProcess serveAuthority(Path directory, String... more) {
        List<String> args = new ArrayList<>(List.of("serve", "--authority", "--registration", "x509-only"));
        args.addAll(List.of("--port", "0", "--no-ops", "--json"));
        args.addAll(List.of("--data", directory.resolve("data").toString()));
        args.addAll(List.of(more));
        return start(directory, Map.of(), args.toArray(String[]::new));
    }

    /** The next line of standard output; null at its end. */
    public String line() {
        try {
            return out.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String err() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end, as SIGTERM does. */
    public void terminate() {
        process.destroy();
    }

    /** Ends it as SIGKILL does, without leaving it a moment. */
    public void kill() {
        process.destroyForcibly();
        code();
    }

    /** Its exit code. */
    public int code() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
