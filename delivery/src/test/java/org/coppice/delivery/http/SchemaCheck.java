package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** As much of JSON Schema as {@code docs/openapi.yaml} uses. */
final class SchemaCheck {
    static final Set<String> KEYWORDS = Set.of(
            "type",
            "required",
            "additionalProperties",
            "properties",
            "items",
            "maxItems",
            "enum",
            "pattern",
            "minimum",
            "maximum",
            "maxLength",
            "default",
            "description",
            "allOf",
            "oneOf");

    private SchemaCheck() {}

    static void check(OpenApi api, JsonNode schema, JsonNode value, String at, List<String> out) {
        String type = schema.path("type").asText("");
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "" -> true;
            default -> throw new AssertionError("type " + type);
        };
        if (!fits) {
            out.add(at + " is no " + type);
            return;
        }
        schema.path("allOf").forEach(part -> out.addAll(api.misfits(part, value, at)));
        checkScalar(schema, value, at, out);
        if (value.isObject()) {
            checkObject(api, schema, value, at, out);
        }
        if (value.isArray() && schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                out.addAll(api.misfits(schema.get("items"), value.get(i), at + "[" + i + "]"));
            }
        }
    }

    private static void checkScalar(JsonNode schema, JsonNode value, String at, List<String> out) {
        if (schema.has("enum")) {
            Set<JsonNode> allowed = new HashSet<>();
            schema.get("enum").forEach(allowed::add);
            if (!allowed.contains(value)) {
                out.add(at + " is none of the enum");
            }
        }
        if (schema.has("pattern")
                && !value.asText().matches(schema.get("pattern").asText())) {
            out.add(at + " does not fit its pattern");
        }
        if (schema.has("minimum") && value.bigIntegerValue().compareTo(limit(schema, "minimum")) < 0) {
            out.add(at + " is below its minimum");
        }
        if (schema.has("maximum") && value.bigIntegerValue().compareTo(limit(schema, "maximum")) > 0) {
            out.add(at + " is above its maximum");
        }
    }

    private static BigInteger limit(JsonNode schema, String keyword) {
        return schema.get(keyword).bigIntegerValue();
    }

    private static void checkObject(OpenApi api, JsonNode schema, JsonNode value, String at, List<String> out) {
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                out.add(at + "." + name.asText() + " is missing");
            }
        });
        value.properties().forEach(field -> {
            JsonNode property = schema.path("properties").path(field.getKey());
            if (!property.isMissingNode()) {
                out.addAll(api.misfits(property, field.getValue(), at + "." + field.getKey()));
            } else if (schema.has("additionalProperties")) {
                out.add(at + "." + field.getKey() + " is not in the schema");
            }
        });
    }
}
