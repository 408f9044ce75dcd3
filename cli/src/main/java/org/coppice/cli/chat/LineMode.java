package org.coppice.cli.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Terminal;
import org.coppice.cli.conversation.Lookup;
import org.coppice.cli.conversation.Texts;
import org.coppice.client.Conversation;

/** Reads what to say and do from standard input, line by line, up to its end. */
final class LineMode {
    private static final Set<String> FIELDS = Set.of("text", "command", "group", "ref");
    private static final ObjectReader JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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
                String stripped = line.strip();
                if (json && stripped.startsWith("{")) {
                    chat.attempt(() -> takeObject(stripped));
                } else {
                    chat.take(line);
                }
            }
        } catch (IOException e) {
            throw CommandFailure.input("cannot read standard input: " + e.getMessage(), "");
        }
    }

    /** {@code {"text": "..."}} or {@code {"command": "/..."}}, and maybe {@code "group": "..."}; with a text maybe {@code "ref"}. */
    private void takeObject(String line) {
        JsonNode object = parse(line);
        Optional<String> text = string(object, "text");
        Optional<String> command = string(object, "command");
        Optional<String> ref = string(object, "ref");
        if (text.isPresent() == command.isPresent() || (command.isPresent() && ref.isPresent())) {
            throw wrong("an object has a text, maybe with a ref, or a command");
        }
        if (text.orElse("-").isBlank()) {
            throw wrong("an empty text");
        }
        Optional<Conversation> other =
                string(object, "group").map(name -> Lookup.find(chat.account().client(), name));
        text.ifPresent(said -> chat.say(other, said, ref));
        command.ifPresent(asked -> {
            other.ifPresent(conversation -> chat.open(conversation, 0));
            chat.take(asked.startsWith("/") ? asked : "/" + asked);
        });
    }

    private static JsonNode parse(String line) {
        try {
            JsonNode object = JSON.readTree(line);
            object.fieldNames().forEachRemaining(name -> {
                if (!FIELDS.contains(name)) {
                    throw wrong("no field of an object: " + Texts.oneLine(name));
                }
            });
            return object;
        } catch (JsonProcessingException e) {
            throw wrong("a line begins like a JSON object and is none");
        }
    }

    private static Optional<String> string(JsonNode object, String field) {
        JsonNode value = object.get(field);
        if (value != null && !value.isTextual()) {
            throw wrong("no string: " + field);
        }
        return Optional.ofNullable(value).map(JsonNode::textValue);
    }

    private static CommandFailure wrong(String what) {
        return CommandFailure.usage(what, "{\"text\": \"hello\"}");
    }
}
