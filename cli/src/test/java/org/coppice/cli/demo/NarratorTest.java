package org.coppice.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NarratorTest {
    private static final String SENTENCE = "Bob wakes up, and the network gives him the messages in the wrong order. ";

    private static String tale(int columns) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Narrator narrator = new Narrator(new PrintStream(out, true, UTF_8), false, columns);
        narrator.title("A coppice is cut back, and grows again", SENTENCE);
        narrator.chapter("A thief copies everything that Bob has");
        narrator.tell(SENTENCE.repeat(3));
        narrator.holds(SENTENCE);
        narrator.denied(SENTENCE);
        narrator.speech("Alice", "The key is under the third stool.", List.of("Bob", "Carol", "Dave", "Erin"));
        narrator.fact("post-compromise security", true, "nor anything after its owner's next commit");
        return out.toString(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {45, 60, 80, 200})
    void keepsToTheColumnsThatThereAre(int columns) {
        assertThat(tale(columns).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Math.min(78, columns)));
    }

    @Test
    void namesReadersBesideTheWordsWhereThereIsRoom() {
        assertThat(tale(80)).contains("third stool.”   ✓ Bob, Carol, Dave, Erin\n");
        assertThat(tale(60)).contains("third stool.”\n      ✓ Bob, Carol, Dave, Erin\n");
    }

    @Test
    void ticksNothingThatNobodyReads() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Narrator(new PrintStream(out, true, UTF_8), false, 80).speech("Alice", "Is anybody there?", List.of());
        assertThat(out.toString(UTF_8)).contains("✗ nobody").doesNotContain("✓");
    }
}
