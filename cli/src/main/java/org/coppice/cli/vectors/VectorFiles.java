package org.coppice.cli.vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.coppice.cli.CommandFailure;

/**
 * The files that a command line names.
 *
 * @param files in order
 * @param foundInDirectories those of them that nobody named: they may hold something else
 */
record VectorFiles(List<Path> files, List<Path> foundInDirectories) {
    static VectorFiles of(List<Path> arguments) {
        List<Path> files = new ArrayList<>();
        List<Path> found = new ArrayList<>();
        for (Path argument : arguments) {
            if (Files.isDirectory(argument)) {
                found.addAll(jsonBelow(argument));
                files.addAll(jsonBelow(argument));
            } else if (Files.isReadable(argument)) {
                files.add(argument);
            } else {
                throw CommandFailure.input(
                        "no such file or directory: " + argument, "give a file of vectors, or a directory of them");
            }
        }
        if (files.isEmpty()) {
            throw CommandFailure.input("no .json file in " + arguments.get(0), "give a directory of test vectors");
        }
        return new VectorFiles(files, found);
    }

    private static List<Path> jsonBelow(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.toString().endsWith(".json") && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw CommandFailure.input("cannot list " + directory + ": " + e.getMessage(), "check its permissions");
        }
    }

    long totalBytes() {
        long total = 0;
        for (Path file : files) {
            total += file.toFile().length();
        }
        return total;
    }
}
