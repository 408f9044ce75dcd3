package org.coppice.client.scenario;

import java.util.Random;
import org.coppice.mls.crypto.Randomness;

/** Random bytes that a seed determines. Thread safe. */
public final class SeededRandomness implements Randomness {
    private final Random random;

    /** The bytes of a seed. */
    public SeededRandomness(long seed) {
        random = new Random(seed);
    }

    @Override
    public void fill(byte[] target) {
        random.nextBytes(target);
    }
}
