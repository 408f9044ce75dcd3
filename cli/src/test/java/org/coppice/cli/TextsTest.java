package org.coppice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
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

    @Test
    void whatIsLongIsCutBetweenCharacters() {
        assertThat(Texts.oneLine("👩👩👩👩", 3)).isEqualTo("👩👩…");
        assertThat(Texts.oneLine("👩👩👩", 3)).isEqualTo("👩👩👩");
    }

    @Test
    void jsonHoldsNoControlCharactersAndMeansTheSame() throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("a\u007f", "\u009b2J \u0007 \n grüße \\");
        String json = Texts.json(object.toString());
        assertThat(json.chars()).noneMatch(Character::isISOControl);
        assertThat(json).contains("grüße");
        assertThat(new ObjectMapper().readTree(json)).isEqualTo(object);
    }
}
