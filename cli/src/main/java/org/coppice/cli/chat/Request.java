package org.coppice.cli.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.Optional;
import java.util.Set;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.Texts;

/**
 * What a program asks for with one object: {@code {"text": "..."}} or {@code {"command": "/..."}}, maybe with {@code "group"} and
 * {@code "ref"}.
 *
 * @param isText whether {@code words} are to be said, as they are; otherwise they are a command, without its slash
 * @param group the conversation, if not the one that is open
 * @param ref what the answers shall repeat
 */
record Request(boolean isText, String words, Optional<String> group, Optional<String> ref) {
    private static final Set<String> FIELDS = Set.of("text", "command", "group", "ref");
    private static final ObjectReader JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The object that a line is; fails if it is none. */
    static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw wrong("a line begins like a JSON object and is none");
        }
    }

    /** Its {@code "ref"}, if it has one, whatever else is wrong with it. */
    static Optional<String> refOf(JsonNode object) {
        return Optional.ofNullable(object.get("ref"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    /** What an object asks for; fails if anything of it would be passed over. */
    static Request of(JsonNode object) {
        object.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw wrong("no field of an object: " + Texts.oneLine(name));
            }
        });
        Optional<String> text = string(object, "text");
        Optional<String> command = string(object, "command");
        if (text.isPresent() == command.isPresent()) {
            throw wrong("an object has a text or a command");
        }
        String words = text.or(() -> command).orElseThrow();
        if (words.isBlank()) {
            throw wrong(text.isPresent() ? "an empty text" : "an empty command");
        }
        return new Request(
                text.isPresent(),
                text.orElseGet(() -> words.replaceFirst("^/", "").strip()),
                string(object, "group"),
                string(object, "ref"));
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
