package org.coppice.interop.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.coppice.interop.wire.Extension;

/**
 * One object of a script: a step, or a proposal in one. Names of fields are read without regard to case and underscores, as the public
 * scripts spell them in several ways.
 */
final class Step {
    private final JsonNode json;

    Step(JsonNode json) {
        this.json = json;
    }

    private JsonNode find(String name) {
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (plain(field.getKey()).equals(plain(name))) {
                return field.getValue();
            }
        }
        return null;
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    boolean has(String name) {
        return find(name) != null;
    }

    /** A text that has to be there. */
    String text(String name) {
        JsonNode value = find(name);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("no text \"" + name + "\" in " + json);
        }
        return value.textValue();
    }

    String text(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    /** A number that has to be there. */
    int number(String name) {
        JsonNode value = find(name);
        if (value == null || !value.isInt()) {
            throw new IllegalArgumentException("no number \"" + name + "\" in " + json);
        }
        return value.intValue();
    }

    boolean flag(String name) {
        JsonNode value = find(name);
        return value != null && value.booleanValue();
    }

    List<String> texts(String name) {
        List<String> out = new ArrayList<>();
        elements(name).forEach(value -> out.add(value.textValue()));
        return out;
    }

    List<Integer> numbers(String name) {
        List<Integer> out = new ArrayList<>();
        elements(name).forEach(value -> out.add(value.intValue()));
        return out;
    }

    List<Step> steps(String name) {
        List<Step> out = new ArrayList<>();
        elements(name).forEach(value -> out.add(new Step(value)));
        return out;
    }

    Step step(String name) {
        return new Step(find(name));
    }

    List<Extension> extensions() {
        List<Extension> out = new ArrayList<>();
        for (Step extension : steps("extensions")) {
            out.add(Extension.newBuilder()
                    .setExtensionType(extension.number("extension_type"))
                    .setExtensionData(ByteString.copyFrom(Base64.getDecoder().decode(extension.text("extension_data"))))
                    .build());
        }
        return out;
    }

    private Iterable<JsonNode> elements(String name) {
        JsonNode value = find(name);
        return value == null ? List.of() : value;
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
