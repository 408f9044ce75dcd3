package org.coppice.cli.vectors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Progress;
import org.coppice.cli.Terminal;
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
    private final List<String> passedOver = new ArrayList<>();

    VectorRun(Terminal terminal, VectorVerifier verifier) {
        this.terminal = terminal;
        this.verifier = verifier;
    }

    /** All results, without the content of those cases that went well. */
    List<VectorResult> verify(VectorFiles files) {
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
        return results;
    }

    private void verify(Path file, boolean mayBeOther, ExecutorService workers, Progress progress, long before) {
        boolean hasCases = false;
        String name = String.valueOf(file.getFileName());
        try (VectorReader reader = VectorReader.open(file)) {
            List<VectorCase> batch = new ArrayList<>();
            for (Optional<VectorCase> next = reader.read(); next.isPresent(); next = reader.read()) {
                hasCases = true;
                batch.add(next.get());
                if (batch.size() == BATCH) {
                    verify(batch, workers);
                    batch.clear();
                }
                progress.at(before + reader.position(), name);
            }
            verify(batch, workers);
        } catch (VectorFormatException e) {
            if (!mayBeOther || hasCases) {
                throw CommandFailure.input(e.getMessage(), "see: coppice vectors --help");
            }
            passedOver.add(name);
        } catch (IOException e) {
            throw CommandFailure.input("cannot read " + file + ": " + e.getMessage(), "check its permissions");
        }
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
