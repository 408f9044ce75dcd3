package org.coppice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code fuzz/run} does, with the committed inputs alone and without Jazzer. */
class RegressionTest {
    private static final Duration UNTIMED = Duration.ofDays(1);

    @ParameterizedTest
    @EnumSource
    void noCommittedInputEscapes(Targets name) throws Exception {
        List<Path> seeds = Seeds.of(name);
        assertThat(seeds).isNotEmpty();
        try (Target target = name.open()) {
            Trial trial = new Trial(target, UNTIMED);
            for (Path seed : seeds) {
                Target.Outcome outcome;
                try {
                    outcome = trial.run(Files.readAllBytes(seed));
                } catch (Exception | Error e) {
                    throw new AssertionError(seed.toString(), e);
                }
                if (Seeds.isGood(seed)) {
                    assertThat(outcome).as("%s", seed).isEqualTo(Target.Outcome.ACCEPTED);
                }
            }
        }
    }
}
