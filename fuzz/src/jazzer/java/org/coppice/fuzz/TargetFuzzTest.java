package org.coppice.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;

/**
 * The targets as Jazzer's JUnit tests, for who fuzzes from an IDE or from Maven: with {@code JAZZER_FUZZ=1} in the environment the one
 * that is chosen is fuzzed, without it the committed inputs of each are tried. Of the profile {@code jazzer}, as Jazzer is; the build
 * has {@link RegressionTest}, which needs no Jazzer and also looks at what becomes of each input.
 */
class TargetFuzzTest {
    private static Targets opened;
    private static Target target;
    private static Trial trial;

    @CommittedInputs(Targets.DECODE)
    @FuzzTest
    void decode(byte[] input) throws Exception {
        run(Targets.DECODE, input);
    }

    @CommittedInputs(Targets.MESSAGE)
    @FuzzTest
    void message(byte[] input) throws Exception {
        run(Targets.MESSAGE, input);
    }

    @CommittedInputs(Targets.SEALED)
    @FuzzTest
    void sealed(byte[] input) throws Exception {
        run(Targets.SEALED, input);
    }

    @CommittedInputs(Targets.MUTANT)
    @FuzzTest
    void mutant(byte[] input) throws Exception {
        run(Targets.MUTANT, input);
    }

    @CommittedInputs(Targets.WELCOME)
    @FuzzTest
    void welcome(byte[] input) throws Exception {
        run(Targets.WELCOME, input);
    }

    @CommittedInputs(Targets.GROUP_INFO)
    @FuzzTest
    void groupInfo(byte[] input) throws Exception {
        run(Targets.GROUP_INFO, input);
    }

    @CommittedInputs(Targets.RECORDS)
    @FuzzTest
    void records(byte[] input) throws Exception {
        run(Targets.RECORDS, input);
    }

    @CommittedInputs(Targets.STORE)
    @FuzzTest
    void store(byte[] input) throws Exception {
        run(Targets.STORE, input);
    }

    @CommittedInputs(Targets.HTTP)
    @FuzzTest
    void http(byte[] input) throws Exception {
        run(Targets.HTTP, input);
    }

    @CommittedInputs(Targets.ANSWER)
    @FuzzTest
    void answer(byte[] input) throws Exception {
        run(Targets.ANSWER, input);
    }

    @CommittedInputs(Targets.COMMAND)
    @FuzzTest
    void command(byte[] input) throws Exception {
        run(Targets.COMMAND, input);
    }

    @AfterAll
    static void close() throws IOException {
        if (opened != null) {
            target.close();
            opened = null;
        }
    }

    /** A target is opened once for all its inputs, as it is for a run of an hour. */
    private static void run(Targets name, byte[] input) throws Exception {
        if (opened != name) {
            close();
            target = name.open();
            trial = new Trial(target, Trial.PATIENCE);
            opened = name;
        }
        trial.run(input);
    }
}
