package org.coppice.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A run of the command in this process that goes on while a test looks at it and types. */
public final class LiveRun implements AutoCloseable {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final OutputStream keyboard;
    private final CompletableFuture<Integer> code;

    private LiveRun(String... args) {
        try {
            // A buffer that a line always fits in, as the reader polls a full or empty pipe once a second only.
            PipedInputStream in = new PipedInputStream(1 << 16);
            keyboard = new PipedOutputStream(in);
            Terminal terminal = new Terminal(
                    in,
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false,
                    false,
                    false);
            code = new CompletableFuture<>();
            Thread thread = new Thread(() -> code.complete(Main.run(terminal, args)), "live-run");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static LiveRun start(String... args) {
        return new LiveRun(args);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Types a line. */
    public void type(String line) {
        try {
            keyboard.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the input, and returns the exit code. */
    public int end() {
        close();
        return waitFor();
    }

    public int waitFor() {
        try {
            return code.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(out() + err(), e);
        }
    }

    @Override
    public void close() {
        try {
            keyboard.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
