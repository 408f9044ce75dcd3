package org.coppice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void withoutArgumentsItListsItsCommands() {
        Coppice.Run run = Coppice.run();
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: coppice", "demo", "doctor", "inspect", "tree", "vectors", "Exit codes:");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "doctor", "inspect", "tree", "vectors"})
    void everyCommandHasHelp(String command) {
        Coppice.Run run = Coppice.run(command, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("Usage: coppice " + command, "Exit codes:")
                .doesNotContain("\u001b");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void versionIsOneLine() {
        Coppice.Run run = Coppice.run("--version");
        assertThat(run.code()).isZero();
        assertThat(run.out().strip().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("coppice "));
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        Coppice.Run run = Coppice.run("frobnicate");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("coppice: unmatched argument at index 0: 'frobnicate'\nhint: run: coppice --help\n");
    }

    @Test
    void anUnknownOptionIsWrongUsageAndNamesTheCommandsHelp() {
        Coppice.Run run = Coppice.run("demo", "--loud");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .startsWith("coppice: unknown option: '--loud'")
                .contains("hint: run: coppice demo --help");
    }

    @Test
    void aNumberThatIsNoneIsWrongUsage() {
        Coppice.Run run = Coppice.run("demo", "--members", "many");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("coppice: invalid value for option '--members'");
    }
}
