package org.coppice.cli.account;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.coppice.cli.Texts;

/**
 * Something that was looked at.
 *
 * @param isGood whether it is as it should be
 * @param what it is, in a sentence
 * @param hint what can be done about it, or what else to know; may be empty
 */
public record Finding(boolean isGood, String what, String hint) {
    /** What it quotes of a file, a server or another person cannot repaint the terminal. */
    public Finding {
        what = Texts.oneLine(what);
        hint = Texts.oneLine(hint);
    }

    static Finding good(String what) {
        return new Finding(true, what, "");
    }

    static Finding bad(String what, String hint) {
        return new Finding(false, what, hint);
    }

    /** The same for programs. */
    public ObjectNode toJson() {
        ObjectNode out =
                JsonNodeFactory.instance.objectNode().put("good", isGood).put("what", what);
        return hint.isEmpty() ? out : out.put("hint", hint);
    }
}
