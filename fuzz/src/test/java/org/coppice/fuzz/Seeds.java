package org.coppice.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;

/**
 * The committed inputs: {@code good-} ones that are accepted, {@code bad-} ones that are refused, {@code found-} ones that once escaped,
 * and others that reach much.
 */
public final class Seeds {
    private static final Path HOME = home();

    private Seeds() {}

    /** In the module's folder or above it, wherever the tests run. */
    private static Path home() {
        Path inside = Path.of("src/test/resources/seeds");
        return Files.isDirectory(inside) ? inside : Path.of("fuzz").resolve(inside);
    }

    /** The files of a target, by name. */
    public static List<Path> of(Targets target) {
        try (Stream<Path> files = Files.list(folder(target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The inputs of a target that must be accepted. */
    public static Set<Bytes> good(Targets target) {
        return of(target).stream().filter(Seeds::isGood).map(Seeds::read).collect(Collectors.toSet());
    }

    private static Bytes read(Path seed) {
        try {
            return Bytes.wrap(Files.readAllBytes(seed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether an input must be accepted. */
    static boolean isGood(Path seed) {
        return seed.getFileName().toString().startsWith("good-");
    }

    /** Whether an input must be refused. */
    static boolean isBad(Path seed) {
        return seed.getFileName().toString().startsWith("bad-");
    }

    /** Writes a seed. */
    public static void write(Targets target, String name, byte[] input) {
        try {
            Files.createDirectories(folder(target));
            Files.write(folder(target).resolve(name), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(Targets target) {
        return HOME.resolve(target.toString());
    }
}
