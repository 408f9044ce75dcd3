package org.coppice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void withoutArgumentsItListsItsCommands() {
        Coppice.Run run = Coppice.run();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("Usage: coppice", "account", "chat", "demo", "doctor", "group", "inspect", "serve")
                .contains("tree", "vectors", "verify", "Exit codes:");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "account",
                "account new",
                "account list",
                "account code",
                "account revoke",
                "admin",
                "admin release",
                "chat",
                "demo",
                "doctor",
                "group",
                "group create",
                "group invite",
                "group remove",
                "group leave",
                "group rename",
                "group list",
                "group members",
                "group history",
                "inspect",
                "interop",
                "serve",
                "tree",
                "vectors",
                "verify"
            })
    void everyCommandHasHelp(String command) {
        Coppice.Run run = Coppice.run((command + " --help").split(" "));
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("Usage: coppice " + command, "Exit codes:")
                .containsPattern("(?m)^Examples?:$")
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
        assertThat(run.err()).isEqualTo("coppice: no such command: frobnicate\nhint: run: coppice --help\n");
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
        assertThat(run.err())
                .isEqualTo("coppice: invalid value for option '--members': many is no whole number\n"
                        + "hint: run: coppice demo --help\n");
        assertThat(Coppice.run("demo", "--members", "99999999999").err()).contains("99999999999 is out of range");
    }

    @Test
    void anArgumentTooManyIsWrongUsage() {
        Coppice.Run run = Coppice.run("tree", "one", "two");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("coppice: one argument too many: two\n");
    }

    @Test
    void aWordThatIsNoChoiceIsAnsweredWithTheChoices() {
        Coppice.Run run = Coppice.run("demo", "--color", "sometimes");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .startsWith("coppice: invalid value for option '--color': "
                        + "expected one of auto, always, never, not sometimes\n");
    }

    /** Without a word, a command that waits for its input looks like one that hangs. */
    @Test
    void saysThatItReadsWhatIsTyped() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream("00".getBytes(UTF_8)),
                new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
                new PrintStream(err, true, UTF_8),
                true,
                false,
                false);
        Main.run(terminal, "inspect");
        assertThat(err.toString(UTF_8)).startsWith("coppice: reading standard input, up to Ctrl-D");
        assertThat(Coppice.run("inspect").err()).doesNotContain("Ctrl-D");
    }

    /** As in {@code coppice demo | head -1}: nothing is left to be done, and nobody is to be told. */
    @ParameterizedTest
    @ValueSource(strings = {"demo", "doctor --no-accounts", "--help", "inspect --types"})
    void endsSilentlyWhereNobodyReads(String command) {
        Coppice.Run run = runIntoFailing("Broken pipe", command.split(" "));
        assertThat(run.code()).isEqualTo(ExitCode.OUTPUT_CLOSED);
        assertThat(run.err()).isEmpty();
    }

    /** As on a full disk, where an exit code of 0 would pass half an output for a whole one. */
    @ParameterizedTest
    @ValueSource(strings = {"demo", "doctor --no-accounts", "--help", "inspect --types"})
    void saysThatItsOutputIsLost(String command) {
        Coppice.Run run = runIntoFailing("No space left on device", command.split(" "));
        assertThat(run.code()).isEqualTo(ExitCode.OUTPUT_LOST);
        assertThat(run.err()).isEqualTo("coppice: cannot write to standard output: No space left on device\n");
    }

    private static Coppice.Run runIntoFailing(String reason, String... args) {
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(new BufferedOutputStream(new CheckedOutput(failing)), false, UTF_8),
                new PrintStream(err, true, UTF_8),
                false,
                false,
                false);
        return new Coppice.Run(Main.run(terminal, args), "", err.toString(UTF_8));
    }
}
