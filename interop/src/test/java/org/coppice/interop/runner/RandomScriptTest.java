package org.coppice.interop.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Long scripts by chance. {@code -Dcoppice.test.seed=random}, or a number, changes the seed, which each failure names;
 * {@code -Dinterop.scripts=N} plays N scripts in each suite instead of one; {@code -Dinterop.write=DIR} leaves them in a directory for
 * the working group's runner.
 */
@Tag("long")
class RandomScriptTest {
    private static final int MEMBERS = 7;
    private static final int ROUNDS = 12;

    private static long seed() {
        String seed = System.getProperty("coppice.test.seed", "9420");
        return seed.equals("random") ? new Random().nextInt(1 << 30) : Long.parseLong(seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void everybodyFollowsALongScript(int suite) throws IOException {
        int scripts = Integer.getInteger("interop.scripts", 1);
        long seed = seed() + 1_000L * suite;
        try (Troupe troupe = new Troupe()) {
            for (int i = 0; i < scripts; i++, seed++) {
                play(troupe, suite, seed, i);
            }
        }
    }

    private static void play(Troupe troupe, int suite, long seed, int number) throws IOException {
        ObjectNode file = RandomScript.write(seed, MEMBERS, ROUNDS);
        keep(file, seed);
        for (Script script : Script.read(file)) {
            try {
                assertThat(troupe.play(script, suite, number % 2 == 0, number, seed))
                        .isNotEmpty();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", suite " + suite + ": " + e.getMessage(), e);
            }
        }
    }

    private static void keep(ObjectNode file, long seed) throws IOException {
        String directory = System.getProperty("interop.write", "");
        if (!directory.isEmpty()) {
            Files.createDirectories(Path.of(directory));
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(Path.of(directory, "random-" + seed + ".json").toFile(), file);
        }
    }
}
