package org.coppice.cli.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import org.coppice.cli.conversation.Lookup;

/** Reads what to say and do from standard input, line by line, up to its end. */
final class LineMode {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Chat chat;
    private final ChatOutput output;
    private final boolean json;

    /** @param json whether a line may be a JSON object */
    LineMode(Chat chat, ChatOutput output, boolean json) {
        this.chat = chat;
        this.output = output;
        this.json = json;
    }

    /** Returns at the end of the input, or when it was told to quit. */
    void run(Terminal terminal) {
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
            String line;
            while (!chat.hasEnded() && (line = in.readLine()) != null) {
                if (json && line.startsWith("{")) {
                    takeObject(line);
                } else {
                    chat.take(line);
                }
            }
        } catch (IOException e) {
            throw CommandFailure.input("cannot read standard input: " + e.getMessage(), "");
        }
    }

    /** {@code {"text": "..."}} or {@code {"command": "/..."}}, and maybe {@code "group": "..."}. */
    private void takeObject(String line) {
        try {
            JsonNode object = JSON.readTree(line);
            if (object.hasNonNull("group")) {
                String name = object.get("group").asText();
                if (object.hasNonNull("text")) {
                    chat.sayAndWait(
                            Lookup.find(chat.account().client(), name),
                            object.get("text").asText());
                    return;
                }
                chat.open(Lookup.find(chat.account().client(), name), 0);
            }
            if (object.hasNonNull("text")) {
                String text = object.get("text").asText();
                chat.take(text.startsWith("/") ? "/" + text : text);
            } else if (object.hasNonNull("command")) {
                String command = object.get("command").asText();
                chat.take(command.startsWith("/") ? command : "/" + command);
            } else {
                output.problem("an object without text and without command", "{\"text\": \"hello\"}");
            }
        } catch (JsonProcessingException e) {
            output.problem("a line begins like a JSON object and is none", "{\"text\": \"hello\"}");
        } catch (CommandFailure e) {
            output.problem(e.getMessage(), e.hint());
        }
    }
}
