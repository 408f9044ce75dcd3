package org.coppice.delivery;

/** What random tests draw from: the same in every build, unless somebody asks for more. */
public final class Seed {
    private Seed() {}

    /**
     * The seed of a test, printed: {@code usual}, or the number that {@code -Dcoppice.test.seed} gives, or any if that is
     * {@code random}.
     */
    public static long of(Class<?> test, long usual) {
        String asked = System.getProperty("coppice.test.seed", Long.toString(usual));
        long seed = asked.equals("random") ? System.nanoTime() : Long.parseLong(asked);
        System.out.println(test.getSimpleName() + " -Dcoppice.test.seed=" + seed);
        return seed;
    }
}
