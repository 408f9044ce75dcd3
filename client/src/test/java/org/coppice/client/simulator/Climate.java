package org.coppice.client.simulator;

import java.util.Random;

/**
 * What kind of life a seed gives: all rates are per mille of the occasions for it.
 *
 * @param seed the seed
 * @param steps how many things users do
 * @param actors how many clients there are
 * @param realService whether the delivery service itself answers, from SQLite, and is restarted now and then; else one in memory
 * @param sqliteStore whether the first client keeps its store in an SQLite file
 * @param privateHandshakes whether the service sees Commits encrypted
 * @param lost requests that do not arrive, and as often answers that do not
 * @param late writes that arrive a second time, or for the first time after the client gave up waiting
 * @param busy requests that the service puts off
 * @param interleaved requests before which another client acts
 * @param crashes calls in the middle of which the client dies
 * @param failures calls in the middle of which the disk or the network fails once
 * @param losesState steps in which a device loses its store but not its key
 * @param rollsBack steps in which an old copy of a store takes its place
 */
record Climate(
        long seed,
        int steps,
        int actors,
        boolean realService,
        boolean sqliteStore,
        boolean privateHandshakes,
        int lost,
        int late,
        int busy,
        int interleaved,
        int crashes,
        int failures,
        int losesState,
        int rollsBack) {
    private static final int REAL_SERVICE_EVERY = 10;
    private static final int SQLITE_STORE_EVERY = 8;

    static Climate of(long seed) {
        Random random = new Random(seed * 0x9e3779b97f4a7c15L + 1);
        return new Climate(
                seed,
                15 + random.nextInt(45),
                2 + random.nextInt(4),
                Math.floorMod(seed, REAL_SERVICE_EVERY) == 0,
                Math.floorMod(seed, SQLITE_STORE_EVERY) == 5,
                random.nextInt(3) == 0,
                sometimes(random, 70),
                sometimes(random, 60),
                sometimes(random, 40),
                sometimes(random, 250),
                sometimes(random, 300),
                sometimes(random, 200),
                random.nextInt(4) == 0 ? 40 : 0,
                random.nextInt(4) == 0 ? 60 : 0);
    }

    /** Half of the lives are spared it. */
    private static int sometimes(Random random, int most) {
        return random.nextBoolean() ? 0 : 1 + random.nextInt(most);
    }

    Climate withSteps(int value) {
        return new Climate(
                seed,
                value,
                actors,
                realService,
                sqliteStore,
                privateHandshakes,
                lost,
                late,
                busy,
                interleaved,
                crashes,
                failures,
                losesState,
                rollsBack);
    }
}
