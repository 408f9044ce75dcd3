package org.coppice.testkit.pit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mutant that lives is told unless it is listed with its reason. */
class SurvivorsTest {
    private static final String CLOSES = "tree.Path.close\t3\tremoved call to Secret::close\tsecret.close();";
    private static final String GROWS =
            "tree.Path$Part.grow\t5\tReplaced integer addition with subtraction\tlength + 4";
    private static final String ELSEWHERE = "codec.Reader.read\t9\tnegated conditional\tif (end) {";

    @TempDir
    private Path directory;

    private static String mutation(String status, String type, String method, int line, String description) {
        boolean detected = !status.equals("SURVIVED") && !status.equals("NO_COVERAGE");
        return "<mutation detected='" + detected + "' status='" + status
                + "'><sourceFile>Path.java</sourceFile><mutatedClass>"
                + type + "</mutatedClass><mutatedMethod>" + method + "</mutatedMethod><lineNumber>" + line
                + "</lineNumber><description>" + description + "</description></mutation>";
    }

    private static String close(String status) {
        return mutation(
                status,
                "org.coppice.mls.tree.Path",
                "close",
                3,
                "removed call to org/coppice/mls/crypto/Secret::close");
    }

    private static String grow(String status) {
        return mutation(
                status, "org.coppice.mls.tree.Path$Part", "grow", 5, "Replaced integer addition with subtraction");
    }

    private Report report(String... mutations) throws IOException {
        Path source = directory.resolve("org/coppice/mls/tree/Path.java");
        Files.createDirectories(source.getParent());
        Files.write(source, List.of("class Path {", "", "    secret.close();", "", "    length + 4", "}"));
        Path file = directory.resolve("mutations.xml");
        Files.writeString(file, "<mutations>" + String.join("", mutations) + "</mutations>");
        return Report.read(file, directory);
    }

    private static List<String> told(List<Mutant> mutants) {
        return mutants.stream().map(Mutant::toString).toList();
    }

    @Test
    void tellsWhoLivesAndIsNotListed() throws IOException {
        Survivors survivors = new Survivors(
                List.of("# Grows by itself.", GROWS), List.of(report(close("SURVIVED"), grow("NO_COVERAGE"))));

        assertThat(told(survivors.unexpected())).containsExactly(CLOSES);
        assertThat(survivors.updated()).containsExactly("# Grows by itself.", GROWS, "", "# Not looked at.", CLOSES);
    }

    @Test
    void tellsASecondOneOnALineOfWhichOneIsListed() throws IOException {
        Survivors survivors = new Survivors(List.of(GROWS), List.of(report(grow("SURVIVED"), grow("SURVIVED"))));

        assertThat(told(survivors.unexpected())).containsExactly(GROWS);
    }

    @Test
    void knowsALineAgainThatMoved() throws IOException {
        Survivors survivors =
                new Survivors(List.of(CLOSES.replace("\t3\t", "\t70\t")), List.of(report(close("SURVIVED"))));

        assertThat(survivors.unexpected()).isEmpty();
        assertThat(survivors.updated()).containsExactly(CLOSES);
    }

    @Test
    void takesOutWhoLivesNoMoreOfTheClassesThatWereMeasured() throws IOException {
        Survivors survivors =
                new Survivors(List.of(ELSEWHERE, GROWS, CLOSES), List.of(report(close("KILLED"), grow("TIMED_OUT"))));

        assertThat(told(survivors.gone())).containsExactly(GROWS, CLOSES);
        assertThat(survivors.updated()).containsExactly(ELSEWHERE);
        assertThat(survivors.unexpected()).isEmpty();
    }

    @Test
    void tellsTheScoreAndWhoTimedOut() throws IOException {
        Report report = report(close("SURVIVED"), grow("TIMED_OUT"), grow("KILLED"));

        assertThat(report.score()).isEqualTo("3 mutants, 2 detected {KILLED=1, SURVIVED=1, TIMED_OUT=1}");
        assertThat(told(report.timedOut())).containsExactly(GROWS);
    }

    @Test
    void refusesALineThatIsNeitherAReasonNorAMutant() {
        assertThatThrownBy(() -> new Survivors(List.of("tree.Path.close\t3"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
