package org.coppice.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WrappingTest {
    @Test
    void linesAreBrokenBetweenWords() {
        assertThat(Wrapping.wrap("one two three four", 9)).isEqualTo("one two\n  three\n  four");
        assertThat(Wrapping.wrap("one two", 7)).isEqualTo("one two");
        assertThat(Wrapping.wrap("one two   ", 7)).isEqualTo("one two   ");
        assertThat(Wrapping.wrap("", 7)).isEmpty();
    }

    @Test
    void aWordThatIsTooLongStaysWhole() {
        assertThat(Wrapping.wrap("see https://example.org/long there", 10))
                .isEqualTo("see\n  https://example.org/long\n  there");
        assertThat(Wrapping.wrap("https://example.org/long", 10)).isEqualTo("https://example.org/long");
    }

    @Test
    void coloursHaveNoWidthAndSignsOfTheEastHaveTwo() {
        assertThat(Wrapping.wrap("\u001b[2mone\u001b[0m two six", 7)).isEqualTo("\u001b[2mone\u001b[0m two\n  six");
        assertThat(Wrapping.wrap("日本 日本 日本", 9)).isEqualTo("日本 日本\n  日本");
        assertThat(Wrapping.wrap("日本 日本 日本", 8)).isEqualTo("日本\n  日本\n  日本");
    }
}
