package org.coppice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code fuzz/run} does, with the committed inputs alone and without Jazzer. Alone, because some targets are charged for all threads.
 */
@Isolated
class RegressionTest {
    /** What becomes of a mutant is a list of its own, which its driver has. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MUTANT")
    void eachInputSaysWhatIsRightAndBothAreThere(Targets name) {
        List<Path> seeds = Seeds.of(name);
        assertThat(seeds).anyMatch(Seeds::isGood).anyMatch(Seeds::isBad);
        assertThat(seeds)
                .allMatch(seed -> Seeds.isGood(seed)
                        || Seeds.isBad(seed)
                        || seed.getFileName().toString().startsWith("found-"));
    }

    @ParameterizedTest
    @EnumSource
    void noCommittedInputEscapes(Targets name) throws Exception {
        List<Path> seeds = Seeds.of(name);
        assertThat(seeds).isNotEmpty();
        try (Target target = name.open()) {
            Trial trial = new Trial(target, Trial.PATIENCE);
            for (Path seed : seeds) {
                Target.Outcome outcome;
                try {
                    outcome = trial.run(Files.readAllBytes(seed));
                } catch (Exception | Error e) {
                    throw new AssertionError(seed.toString(), e);
                }
                if (Seeds.isGood(seed)) {
                    assertThat(outcome).as("%s", seed).isEqualTo(Target.Outcome.ACCEPTED);
                } else if (Seeds.isBad(seed)) {
                    assertThat(outcome).as("%s", seed).isEqualTo(Target.Outcome.REFUSED);
                }
            }
        }
    }
}
