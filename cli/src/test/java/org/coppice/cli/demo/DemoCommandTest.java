package org.coppice.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.coppice.cli.Coppice;
import org.coppice.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
    @Test
    void tellsAStoryInWhichEverythingHolds() {
        Coppice.Run run = Coppice.run("demo");
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(
                        "Alice opens a group",
                        "✓ all 5 agree on epoch 1",
                        "⊘ Mallory tries to read it and cannot",
                        "✓ Bob reads ",
                        "⊘ the thief tries to read it and cannot",
                        "! the thief reads it as well",
                        "Erin is removed",
                        "Zoe comes in alone",
                        "✓ both agree on epoch 1",
                        "What was shown",
                        "✓ forward secrecy",
                        "✓ post-compromise security")
                .doesNotContain("✗")
                .doesNotContain("\u001b");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void theSameSeedGivesTheSameOutputInEverySuite(int suite) {
        String[] args = {"demo", "--seed", "twice", "--suite", Integer.toString(suite), "--messages", "1"};
        Coppice.Run first = Coppice.run(args);
        assertThat(first.code()).as(first.out()).isZero();
        assertThat(Coppice.run(args).out()).isEqualTo(first.out());
    }

    @Test
    void anotherSeedGivesAnotherOutput() {
        assertThat(Coppice.run("demo", "--seed", "a").out())
                .isNotEqualTo(Coppice.run("demo", "--seed", "b").out());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 12, 30})
    void worksForFewAndMany(int members) {
        Coppice.Run run = Coppice.run("demo", "--members", Integer.toString(members), "--seed", "size");
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.out()).contains("✓ all " + members + " agree on epoch 1").doesNotContain("✗");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void summarisesInJson() throws Exception {
        Coppice.Run run = Coppice.run("demo", "--seed", "7", "--json");
        assertThat(run.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("seed").textValue()).isEqualTo("7");
        assertThat(json.get("groups").intValue()).isEqualTo(3);
        assertThat(json.get("properties"))
                .allSatisfy(holds -> assertThat(holds.booleanValue()).isTrue());
    }

    @Test
    void refusesStoriesThatCannotBeTold() {
        assertThat(Coppice.run("demo", "--members", "2").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Coppice.run("demo", "--messages", "0").code()).isEqualTo(ExitCode.USAGE);
        Coppice.Run run = Coppice.run("demo", "--suite", "8");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).isEqualTo("coppice: no such cipher suite: 8\nhint: the suites of RFC 9420 are 1 to 7\n");
    }
}
