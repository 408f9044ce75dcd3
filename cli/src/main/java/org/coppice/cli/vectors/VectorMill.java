package org.coppice.cli.vectors;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Progress;
import org.coppice.cli.Terminal;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProvider;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.vectors.VectorKind;
import org.coppice.testkit.vectors.make.VectorGenerator;

/** Writes files of new test vectors, one for each kind. */
final class VectorMill {
    private final Terminal terminal;
    private final VectorGenerator generator;
    private final List<CipherSuite> suites;
    private final int count;

    /** @param count how many cases of each kind and suite */
    VectorMill(Terminal terminal, CryptoProvider provider, String seed, List<CipherSuite> suites, int count) {
        this.terminal = terminal;
        this.generator = new VectorGenerator(provider, seed);
        this.suites = suites;
        this.count = count;
    }

    /** Writes one file for each kind into {@code directory}, which is made if it is missing. */
    void write(Path directory, List<VectorKind> kinds) throws MlsException {
        try (Progress progress = Progress.start(terminal, "vectors", kinds.size())) {
            Files.createDirectories(directory);
            int done = 0;
            for (VectorKind kind : kinds) {
                progress.at(done++, kind.label());
                Path file = directory.resolve(kind.label() + ".json");
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                    int cases = generator.write(kind, suites, count, out);
                    terminal.out().println(file + ": " + cases + (cases == 1 ? " case" : " cases"));
                }
            }
        } catch (IOException e) {
            throw CommandFailure.input("cannot write to " + directory + ": " + reason(e), "choose another directory");
        }
    }

    /** The message of these is the name of the file alone. */
    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "a file has that name";
        }
        if (e instanceof NoSuchFileException) {
            return "it cannot be made";
        }
        return e instanceof AccessDeniedException ? "no permission" : e.getMessage();
    }
}
