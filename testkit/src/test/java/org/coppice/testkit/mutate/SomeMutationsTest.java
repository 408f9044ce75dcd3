package org.coppice.testkit.mutate;

import java.util.List;
import java.util.stream.LongStream;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.SeededRandomness;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Changes by chance, where {@link MutationTest} makes them in order: in all cipher suites, in groups that grew at random, and two at once.
 *
 * <p>{@code -Dcoppice.mutate.groups=25 -Dcoppice.mutate.changes=150} makes so many random groups of up to 40 members, and so many changes
 * and pairs of changes in each; without it, one of each suite with a few. {@code -Dcoppice.test.seed=random}, or a number, changes the
 * seed.
 */
@Tag("long")
class SomeMutationsTest {
    private static final long SEED = Seed.of(SomeMutationsTest.class);
    private static final int GROUPS = Integer.getInteger("coppice.mutate.groups", 1);
    private static final int CHANGES = Integer.getInteger("coppice.mutate.changes", 40);
    private static final int MOST_MEMBERS = GROUPS > 1 ? 40 : 12;
    private static final int MOST_MEMBERS_OF_A_SUITE = 5;

    static List<CipherSuite> suites() {
        return CipherSuite.STANDARD;
    }

    static LongStream seeds() {
        return LongStream.range(SEED, SEED + GROUPS);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void allSuitesRefuseAlike(CipherSuite suite) throws MlsException {
        Specimens specimens = Specimens.random(suite, SEED, MOST_MEMBERS_OF_A_SUITE);
        MutationDriver driver = MutationDriver.of(specimens, Expectations.load());
        SeededRandomness random = new SeededRandomness(SEED);
        for (int i = 0; i < CHANGES; i++) {
            Specimen specimen = any(specimens.all(), random);
            driver.one(any(driver.mutants(specimen), random));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void groupsThatGrewAtRandomRefuseAlike(long seed) throws MlsException {
        Specimens specimens =
                Specimens.random(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, seed, MOST_MEMBERS);
        MutationDriver driver = MutationDriver.of(specimens, Expectations.load());
        SeededRandomness random = new SeededRandomness(seed);
        for (int i = 0; i < CHANGES; i++) {
            List<Mutant> mutants = driver.mutants(any(specimens.all(), random));
            driver.one(any(mutants, random));
            driver.two(any(mutants, random), any(mutants, random));
        }
        for (Specimen specimen : specimens.all()) {
            specimen.deliverGenuine();
        }
    }

    private static <T> T any(List<T> all, SeededRandomness random) {
        return all.get(random.below(all.size()));
    }
}
