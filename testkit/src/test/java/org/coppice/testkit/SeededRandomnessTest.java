package org.coppice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeededRandomnessTest {
    @Test
    void theSameSeedGivesTheSameBytesHoweverTheyAreDrawn() {
        SeededRandomness whole = new SeededRandomness("seed");
        SeededRandomness pieces = new SeededRandomness("seed");
        byte[] expected = whole.bytes(100);
        byte[] actual = new byte[100];
        for (int i = 0; i < 100; i++) {
            actual[i] = pieces.bytes(1)[0];
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(new SeededRandomness(7).bytes(32)).isEqualTo(new SeededRandomness("7").bytes(32));
    }

    @Test
    void seedsAndForksDiffer() {
        SeededRandomness one = new SeededRandomness("one");
        assertThat(one.fork("a").bytes(32)).isNotEqualTo(one.fork("b").bytes(32));
        assertThat(one.fork("a").bytes(32))
                .isNotEqualTo(new SeededRandomness("two").fork("a").bytes(32));
        assertThat(one.bytes(32)).isNotEqualTo(new SeededRandomness("two").bytes(32));
    }

    @Test
    void aForkDoesNotDependOnWhatWasDrawnBefore() {
        SeededRandomness one = new SeededRandomness("one");
        byte[] before = one.fork("a").bytes(32);
        one.bytes(1000);
        assertThat(one.fork("a").bytes(32)).isEqualTo(before);
    }

    @Test
    void numbersStayBelowTheirBound() {
        SeededRandomness random = new SeededRandomness("numbers");
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            seen.add(random.below(5));
        }
        assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        assertThatThrownBy(() -> random.below(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isNotTakenForTheSystemsGenerator() {
        assertThat(new SeededRandomness("seed").isSystem()).isFalse();
    }
}
