package org.coppice.testkit.mutate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.SeededRandomness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each field of each kind of message is changed in each way, everything that depends on it is made right again, and the message is
 * refused by the rule that is left, or valid, as {@code expected.txt} says. A refusal changes nothing that is stored, costs no more memory
 * than the message's length allows, and is the same for members and observers; what is accepted leads all members to the epoch that its
 * sender computes.
 *
 * <p>Of the elements of a list, one chosen by chance stands for all; {@code -Dcoppice.mutate.each=1000} takes every one. {@code
 * -Dcoppice.test.seed=random}, or a number, changes the seed.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
class MutationTest {
    private static final long SEED = Seed.of(MutationTest.class);
    private static final int EACH = Integer.getInteger("coppice.mutate.each", 1);

    private static final Expectations EXPECTATIONS = Expectations.load();
    private static final MutationReport REPORT = new MutationReport();
    private static final Set<String> REFUSED = new TreeSet<>();
    private static final Set<String> REFUSED_FOR_SURE = new TreeSet<>();

    private static Specimens specimens;
    private static MutationDriver driver;

    @BeforeAll
    static void specimens() throws MlsException {
        specimens = Specimens.of(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, SEED);
        driver = MutationDriver.of(specimens, EXPECTATIONS);
    }

    static Stream<Specimen> all() {
        return specimens.all().stream();
    }

    @AfterAll
    static void print() {
        System.out.println(REPORT);
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("all")
    void theGenuineMessageSealedAnewIsAccepted(Specimen specimen) throws MlsException {
        specimen.deliverGenuine();
    }

    @Order(2)
    @ParameterizedTest
    @MethodSource("all")
    void eachChangeIsRefusedByItsRuleOrValid(Specimen specimen) throws MlsException {
        List<Mutant> mutants = Mutant.some(specimen, EACH, new SeededRandomness(SEED));
        for (int i = 0; i < mutants.size(); i++) {
            Mutant mutant = mutants.get(i);
            Outcome outcome = driver.one(mutant);
            REPORT.add(mutant, outcome);
            if (outcome.isRefused()) {
                (EXPECTATIONS.mayBeAccepted(mutant) ? REFUSED : REFUSED_FOR_SURE).add(outcome.name());
            }
            if (i % 64 == 63) {
                specimen.deliverGenuine();
            }
        }
        specimen.deliverGenuine();
    }

    @Order(3)
    @ParameterizedTest
    @MethodSource("all")
    void whatIsChangedOnTheWireIsNeverAccepted(Specimen specimen) throws MlsException {
        SeededRandomness random = new SeededRandomness(SEED);
        List<Mutant> mutants = driver.mutants(driver.unsealed(specimen));
        for (int i = 0; i < 40 * EACH; i++) {
            driver.unsealed(mutants.get(random.below(mutants.size())));
        }
        specimen.deliverGenuine();
    }

    /** Otherwise a rule could be forgotten, and the list would take that for the valid one of two outcomes. */
    @Order(4)
    @Test
    void eachRuleRefusesAlsoWhereTheListAllowsNothingElse() {
        assertThat(REFUSED_FOR_SURE).containsAll(REFUSED);
    }

    @Order(4)
    @Test
    void everyLineOfTheListIsAboutSomething() {
        assertThat(EXPECTATIONS.unused()).isEmpty();
    }
}
