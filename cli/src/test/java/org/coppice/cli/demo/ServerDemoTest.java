package org.coppice.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ServerDemoTest {
    @Test
    @Tag("A-6.3-01")
    void aKilledClientComesBackAndNothingIsLost() {
        Coppice.Run run = Coppice.run("demo", "--server");
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "✓ Alice, Bob and Carol are registered",
                        "✓ all 3 agree on epoch 1",
                        "(kill -9)",
                        "✓ Bob reads what was said while he was dead",
                        "✓ all 3 agree on epoch 3",
                        "⊘ Carol's client was told",
                        "✓ nothing lost or doubled",
                        "✓ confidentiality")
                .doesNotContain("✗")
                .doesNotContain("\u001b");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void whatIsNotSeenInTimeIsNotTakenForWrong() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Narrator narrator = new Narrator(new PrintStream(out, true, StandardCharsets.UTF_8), false, 80);
        try (Stage stage = Stage.open()) {
            ServerStory hurried = new ServerStory(stage, narrator, Duration.ofMillis(1));
            assertThatThrownBy(hurried::tell)
                    .isInstanceOfSatisfying(
                            CommandFailure.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.LATER))
                    .hasMessageContaining("not seen within")
                    .hasMessageContaining("too slow");
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("They talk")
                .doesNotContain("✗")
                .doesNotContain("nobody");
    }

    @Test
    void whatBelongsToTheOtherStoryIsWrongUsage() {
        assertThat(Coppice.run("demo", "--server", "--seed", "7").code()).isEqualTo(ExitCode.USAGE);
    }
}
