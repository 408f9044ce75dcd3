package org.coppice.testkit.mutate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.error.MlsException;
import org.coppice.testkit.SeededRandomness;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A fuzzer can reach everything by the bytes of an input, and what goes wrong is reported. */
class MutationDriverTest {
    private static MutationDriver driver;
    private static Specimens specimens;

    @BeforeAll
    static void driver() throws MlsException {
        specimens = Specimens.of(CipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, 1);
        driver = MutationDriver.of(specimens, Expectations.load());
    }

    @Test
    void anyInputIsAnswered() throws MlsException {
        SeededRandomness random = new SeededRandomness(1);
        Set<Outcome> outcomes = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            driver.run(random.bytes(random.below(8))).ifPresent(outcomes::add);
        }
        assertThat(outcomes).hasSizeGreaterThan(10).contains(Outcome.ACCEPTED);
    }

    @Test
    void eachMessageIsAcceptedUnchanged() {
        for (int message = 0; message < driver.messages(); message++) {
            assertThat(driver.run(new byte[] {(byte) message, 3})).contains(Outcome.ACCEPTED);
        }
    }

    @Test
    void theSameInputHasTheSameOutcome() throws MlsException {
        byte[] input = {3, 1, 0, 77, 1, 20};
        Optional<Outcome> first = driver.run(input);
        assertThat(driver.run(input)).isEqualTo(first);
    }

    @Test
    void aWelcomeWithAnEntryTwiceIsTakenAsTheGenuineOne() throws MlsException {
        Specimen wire = driver.unsealed(specimens.get("welcome"));
        assertThat(driver.unsealed(new Mutant(wire, "body/secrets", Mutation.DUPLICATE)))
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void aKeyOfASuiteThatNobodyKnowsIsNotJudged() throws MlsException {
        Specimen specimen = specimens.get("public reinit proposal");
        String proposal = "body/content/content/proposal/";
        Mutant key =
                new Mutant(specimen, proposal + "extensions/1/extension_data/data/0/signature_key", Mutation.EMPTY);
        Mutant suite = new Mutant(specimen, proposal + "cipher_suite", Mutation.LARGEST);
        assertThat(driver.two(key, suite)).isEmpty();
        assertThat(driver.two(suite, key)).isEmpty();
    }

    /** What the Commit no longer asks for, its maker's leaf need not support. */
    @Test
    void requiredCapabilitiesThatGoWithTheSupportAreNotJudged() throws MlsException {
        Specimen specimen = specimens.get("public commit by value");
        String commit = "body/content/content/";
        Mutant required = new Mutant(specimen, commit + "proposals/5/value/proposal", Mutation.DROP_FIRST);
        Mutant supported =
                new Mutant(specimen, commit + "path/value/leaf_node/capabilities/proposals", Mutation.DROP_FIRST);
        assertThat(driver.one(supported)).isEqualTo(new Outcome("LEAF_REQUIRED_CAPABILITIES", false));
        assertThat(driver.two(required, supported)).isEmpty();
        assertThat(driver.two(supported, required)).isEmpty();
    }

    @Test
    void aCopyIsNotJudgedWhoseOriginalIsReplaced() throws MlsException {
        Specimen specimen = specimens.get("public external commit that returns");
        String path = "body/content/content/path/value/";
        Mutant copy = new Mutant(specimen, path + "nodes/0/encryption_key", Mutation.LIKE_THE_ONE_BEFORE);
        Mutant original = new Mutant(specimen, path + "leaf_node", Mutation.OF_ANOTHER_EPOCH);
        assertThat(driver.one(copy)).isEqualTo(new Outcome("PATH_KEY_TWICE", false));
        assertThat(driver.two(copy, original)).isEmpty();
        // The other way round it is a copy of what is there now.
        assertThat(driver.two(original, copy)).contains(new Outcome("PATH_KEY_TWICE", false));
    }

    /** With both it is what the other one sent. */
    @Test
    void aSignatureIsNotJudgedWithWhatItsSignerSaid() throws MlsException {
        Specimen specimen = specimens.get("public psk proposal of the server");
        Mutant content = new Mutant(specimen, "body/content", Mutation.OF_ANOTHER_SENDER);
        Mutant signature = new Mutant(specimen, "body/signature", Mutation.OF_ANOTHER_SENDER);
        assertThat(driver.one(signature)).isEqualTo(new Outcome("MESSAGE_SIGNATURE", false));
        assertThat(driver.two(content, signature)).isEmpty();
        assertThat(driver.two(signature, content)).isEmpty();
    }

    /** What nobody expects is reported: here a list that says nothing. */
    @Test
    void anOutcomeThatTheListDoesNotNameIsReported() {
        Specimen specimen = specimens.get("public remove proposal");
        Mutant mutant = new Mutant(specimen, "body/content/epoch", Mutation.ONE_MORE);
        assertThat(Expectations.load().objection(mutant, new Outcome("FUTURE_EPOCH", false)))
                .isEmpty();
        assertThat(Expectations.load().objection(mutant, Outcome.ACCEPTED)).isPresent();
        assertThat(Expectations.load().objection(mutant, new Outcome("STALE_EPOCH", false)))
                .isPresent();
    }

    /** A recipient that accepts what it must not, and changes what it refuses, is found out. */
    @Test
    void whoAcceptsEverythingIsFoundOut() throws MlsException {
        Specimen genuine = specimens.get("public remove proposal");
        Specimen naive = new Specimen(
                genuine.name(),
                genuine.open(),
                root -> Specimen.Sealed.of(root.encode()),
                message -> Outcome.ACCEPTED,
                new Place(Bytes.EMPTY, Set.of()));
        List<String> missed = new ArrayList<>();
        for (Mutant mutant : Mutant.all(naive)) {
            try {
                driver.one(mutant);
                missed.add(mutant.path() + " " + mutant.mutation());
            } catch (AssertionError e) {
                continue;
            }
        }
        // These are valid: another member to remove, and data that come along.
        assertThat(missed).hasSizeLessThan(8);
        assertThatThrownBy(() -> driver.unsealed(Mutant.all(naive.unsealed()).get(0)))
                .isInstanceOf(AssertionError.class);
    }
}
