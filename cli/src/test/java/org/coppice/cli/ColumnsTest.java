package org.coppice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void signsOfTheEastAndPicturesTakeTwoColumnsAndAccentsNone() {
        assertThat(Columns.of("garden")).isEqualTo(6);
        assertThat(Columns.of("日本")).isEqualTo(4);
        assertThat(Columns.of("🌳")).isEqualTo(2);
        assertThat(Columns.of("cafe\u0301")).isEqualTo(4);
        assertThat("日本" + Columns.padding("日本", 6)).isEqualTo("日本  ");
        assertThat(Columns.padding("too long", 3)).isEmpty();
    }

    @Test
    void whatDoesNotFitIsCutBetweenSigns() {
        assertThat(Columns.cut("one two", 8)).isEqualTo("one two");
        assertThat(Columns.cut("one two", 7)).isEqualTo("one tw…");
        assertThat(Columns.cut("日本日本", 5)).isEqualTo("日本…");
        assertThat(Columns.cut("🌳🌳🌳", 4)).isEqualTo("🌳…");
    }
}
