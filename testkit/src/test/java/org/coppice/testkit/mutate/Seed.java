package org.coppice.testkit.mutate;

import java.util.concurrent.ThreadLocalRandom;

/** Where the chance of a test begins. */
final class Seed {
    private Seed() {}

    /** A fixed number, printed; {@code -Dcoppice.test.seed} gives another, or any if it is "random". */
    static long of(Class<?> test) {
        String asked = System.getProperty("coppice.test.seed", "9420");
        long seed = asked.equals("random") ? ThreadLocalRandom.current().nextInt(1 << 30) : Long.parseLong(asked);
        System.out.println(test.getSimpleName() + " -Dcoppice.test.seed=" + seed);
        return seed;
    }
}
