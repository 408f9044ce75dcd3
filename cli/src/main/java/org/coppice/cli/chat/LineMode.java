package org.coppice.cli.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;

/** Reads what to say and do from standard input, line by line, up to its end. */
final class LineMode {
    private final Chat chat;
    private final boolean json;

    /** @param json whether a line may be a JSON object */
    LineMode(Chat chat, boolean json) {
        this.chat = chat;
        this.json = json;
    }

    /** Returns at the end of the input, or when it was told to quit. */
    void run(Terminal terminal) {
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
            String line;
            while (!chat.hasEnded() && (line = in.readLine()) != null) {
                String stripped = line.strip();
                if (json && stripped.startsWith("{")) {
                    takeObject(stripped);
                } else {
                    chat.take(line);
                }
            }
        } catch (IOException e) {
            throw CommandFailure.input("cannot read standard input: " + e.getMessage(), "");
        }
    }

    private void takeObject(String line) {
        JsonNode object;
        try {
            object = Request.parse(line);
        } catch (CommandFailure e) {
            chat.refuse(e, Optional.empty());
            return;
        }
        try {
            chat.take(Request.of(object));
        } catch (CommandFailure e) {
            chat.refuse(e, Request.refOf(object));
        }
    }
}
