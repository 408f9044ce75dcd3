package org.coppice.cli;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Where a command reads and writes. Data go to {@link #out}, everything that is said about them to {@link #err}.
 *
 * @param in standard input
 * @param out standard output, UTF-8
 * @param err standard error, UTF-8
 * @param inIsTerminal whether a person would have to type what is read
 * @param outIsTerminal whether a person reads {@code out} as it comes
 * @param errIsTerminal whether a person reads {@code err} as it comes
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal) {
    private static final Charset UTF_8 = StandardCharsets.UTF_8;
    private static final int DEFAULT_WIDTH = 80;
    private static final int MIN_WIDTH = 40;

    /** The streams of this process. */
    public static Terminal ofProcess() {
        // The platform's charset is ASCII under LANG=C, where box drawing would turn into question marks.
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new CheckedOutput(new FileOutputStream(FileDescriptor.out)), 1 << 13),
                isTty(1),
                UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        return new Terminal(System.in, out, err, isTty(0), isTty(1), isTty(2));
    }

    /** Java 17 tells of a terminal only if input and output both are one; the kernel tells of each. */
    private static boolean isTty(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (!Files.isSymbolicLink(link)) {
            return System.console() != null;
        }
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** How many columns a line of {@link #out} may have. */
    public int width() {
        return outIsTerminal ? columns() : DEFAULT_WIDTH;
    }

    /** How many columns a line of {@link #err} may have. */
    public int errWidth() {
        return errIsTerminal ? columns() : DEFAULT_WIDTH;
    }

    private static int columns() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .start();
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .trim()
                    .split(" ");
            stty.waitFor(1, TimeUnit.SECONDS);
            int columns = Integer.parseInt(size[1]);
            // 0 where nobody has told the kernel.
            return columns == 0 ? DEFAULT_WIDTH : Math.max(MIN_WIDTH, columns);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return DEFAULT_WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DEFAULT_WIDTH;
        }
    }

    /** Writes one line to {@link #err}, prefixed with the name of the program. */
    public void say(String message) {
        err.println("coppice: " + message);
    }
}
