package org.coppice.cli.vectors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Progress;
import org.coppice.cli.Terminal;
import org.coppice.cli.vectors.RunResults.UnknownCase;
import org.coppice.testkit.vectors.VectorCase;
import org.coppice.testkit.vectors.VectorFormatException;
import org.coppice.testkit.vectors.VectorReader;
import org.coppice.testkit.vectors.VectorResult;
import org.coppice.testkit.vectors.VectorVerifier;

/** Verifies files of vectors, several cases at a time; results come in the order of the cases. */
final class VectorRun {
    /** How many cases are in memory at once. */
    private static final int BATCH = 64;

    private final Terminal terminal;
    private final VectorVerifier verifier;
    private final List<VectorResult> results = new ArrayList<>();
    private final List<UnknownCase> unknownCases = new ArrayList<>();
    private final List<String> passedOver = new ArrayList<>();

    VectorRun(Terminal terminal, VectorVerifier verifier) {
        this.terminal = terminal;
        this.verifier = verifier;
    }

    /** All results, without the content of those cases that went well. */
    RunResults verify(VectorFiles files) {
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try (Progress progress = Progress.ofBytes(terminal, "vectors", files.totalBytes())) {
            long done = 0;
            for (Path file : files.files()) {
                verify(file, files.foundInDirectories().contains(file), workers, progress, done);
                done += file.toFile().length();
            }
        } finally {
            workers.shutdownNow();
        }
        if (!passedOver.isEmpty()) {
            terminal.say("passed over, as they hold no known kind of vector: " + String.join(", ", passedOver));
        }
        return new RunResults(results, unknownCases);
    }

    private void verify(Path file, boolean mayBeOther, ExecutorService workers, Progress progress, long before) {
        boolean hasCases = false;
        String name = String.valueOf(file.getFileName());
        List<UnknownCase> unknown = new ArrayList<>();
        try (VectorReader reader = VectorReader.open(file)) {
            List<VectorCase> batch = new ArrayList<>();
            for (Optional<VectorCase> next = next(reader, name, unknown);
                    next.isPresent();
                    next = next(reader, name, unknown)) {
                hasCases = true;
                batch.add(next.get());
                if (batch.size() == BATCH) {
                    verify(batch, workers);
                    batch.clear();
                }
                progress.at(before + reader.position(), name);
            }
            verify(batch, workers);
            if (hasCases) {
                unknownCases.addAll(unknown);
            } else if (!unknown.isEmpty() && mayBeOther) {
                passedOver.add(name);
            } else if (!unknown.isEmpty()) {
                throw unusable(name + " #0 is " + UnknownCase.REASON);
            }
        } catch (VectorFormatException e) {
            if (!mayBeOther || hasCases) {
                throw unusable(e.getMessage());
            }
            passedOver.add(name);
        } catch (IOException e) {
            throw CommandFailure.input("cannot read " + file + ": " + e.getMessage(), "check its permissions");
        }
    }

    /** The next case of a known kind; those before it are noted as unknown. */
    private static Optional<VectorCase> next(VectorReader reader, String name, List<UnknownCase> unknown)
            throws IOException, VectorFormatException {
        while (true) {
            try {
                return reader.read();
            } catch (VectorFormatException e) {
                OptionalInt index = e.unknownCase();
                if (index.isEmpty()) {
                    throw e;
                }
                unknown.add(new UnknownCase(name, index.getAsInt()));
            }
        }
    }

    private static CommandFailure unusable(String message) {
        return CommandFailure.input(message, "see: coppice vectors --help");
    }

    private void verify(List<VectorCase> batch, ExecutorService workers) {
        List<Callable<VectorResult>> tasks = new ArrayList<>();
        for (VectorCase vector : batch) {
            tasks.add(() -> verifier.verify(vector));
        }
        try {
            for (Future<VectorResult> result : workers.invokeAll(tasks)) {
                results.add(result.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.check("interrupted", "");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
