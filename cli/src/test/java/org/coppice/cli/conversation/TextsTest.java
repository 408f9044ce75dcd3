package org.coppice.cli.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void nothingThatATerminalObeysGetsThrough() {
        assertThat(Texts.oneLine("a\u001b[2Jb\u0007\u009bc\u007f")).isEqualTo("a\ufffd[2Jb\ufffd\ufffdc\ufffd");
        assertThat(Texts.oneLine("to\u202egnp.exe")).isEqualTo("to\ufffdgnp.exe");
        assertThat(Texts.oneLine("a\u2028b\ud800")).isEqualTo("a\ufffdb\ufffd");
    }

    @Test
    void linesAreShownInOne() {
        assertThat(Texts.oneLine("one\ntwo\r\nthree\tfour")).isEqualTo("one ⏎ two ⏎ three    four");
    }

    @Test
    void ordinaryTextOfAllScriptsStaysAsItIs() {
        String text = "grüße, 你好, שלום, 👩‍👩‍👧 — “ok”";
        assertThat(Texts.oneLine(text)).isEqualTo(text);
    }
}
