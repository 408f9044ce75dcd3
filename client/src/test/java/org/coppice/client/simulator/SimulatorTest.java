package org.coppice.client.simulator;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lives of clients whose processes end at any instruction that matters, over a network and disks that fail: all come back, agree, lose
 * nothing that was acknowledged, and use no key twice. Each life is drawn from a seed; {@link Climate} says what may befall it.
 *
 * <ul>
 *   <li>{@code -Dsimulator.lives=5000} tries so many, instead of {@value #LIVES};
 *   <li>{@code -Dsimulator.seed=17} tries one alone, and {@code -Dsimulator.steps=9} only its first steps;
 *   <li>{@code -Dcoppice.test.seed=5}, or {@code random}, begins with another seed than 1.
 * </ul>
 */
@Tag("long")
class SimulatorTest {
    private static final int LIVES = 100;
    private static final int TELL_EVERY = 500;
    private static final String COMMAND =
            "mvn -pl client -am test -Dtest=SimulatorTest -Dsurefire.failIfNoSpecifiedTests=false -Dsimulator.seed=%d"
                    + " -Dsimulator.steps=%d";

    @TempDir
    Path directory;

    @Test
    void clientsComeBackFromEverythingAgreeAndLoseNothing() throws Exception {
        Long one = Long.getLong("simulator.seed");
        if (one != null) {
            Climate climate = Climate.of(one);
            run(climate.withSteps(Integer.getInteger("simulator.steps", climate.steps())));
            return;
        }
        long first = firstSeed();
        long last = first + Integer.getInteger("simulator.lives", LIVES) - 1;
        System.out.println("simulator: seeds " + first + " to " + last);
        for (long seed = first; seed <= last; seed++) {
            Climate climate = Climate.of(seed);
            try {
                live(climate);
            } catch (Exception | AssertionError e) {
                run(shortest(climate));
                throw new AssertionError("seed " + seed + " failed once and not again", e);
            }
            if ((seed - first + 1) % TELL_EVERY == 0) {
                System.out.println("simulator: " + (seed - first + 1) + " lives");
            }
        }
    }

    private static long firstSeed() {
        String seed = System.getProperty("coppice.test.seed", "1");
        return seed.equals("random") ? new Random().nextInt(1 << 30) : Long.parseLong(seed);
    }

    private void live(Climate climate) throws Exception {
        try (Life life = new Life(climate, directory)) {
            life.live();
        }
    }

    /** Lives a life that is known to fail, and tells what happened and how to see it again. */
    private void run(Climate climate) throws Exception {
        try (Life life = new Life(climate, directory)) {
            try {
                life.live();
            } catch (Exception | AssertionError e) {
                String command = String.format(COMMAND, climate.seed(), climate.steps());
                throw new AssertionError(
                        climate + "\n" + String.join("\n", life.trace()) + "\n" + e + "\n" + command, e);
            }
        }
    }

    /** The same life, ended as early as it still fails. */
    private Climate shortest(Climate climate) {
        for (int steps = 0; steps < climate.steps(); steps++) {
            Climate shorter = climate.withSteps(steps);
            try {
                live(shorter);
            } catch (Exception | AssertionError e) {
                return shorter;
            }
        }
        return climate;
    }
}
