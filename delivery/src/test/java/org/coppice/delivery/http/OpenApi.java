package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The document {@code docs/openapi.yaml}. */
final class OpenApi {
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");

    private final JsonNode root;

    private OpenApi(JsonNode root) {
        this.root = root;
    }

    /** One operation, with what its path says of all its operations. */
    record Operation(String method, String path, JsonNode node, JsonNode pathNode) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static OpenApi load() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path file = here.resolve("docs/openapi.yaml");
        if (!Files.exists(file)) {
            file = here.getParent().resolve("docs/openapi.yaml");
        }
        return new OpenApi(new YAMLMapper().readTree(Files.readString(file)));
    }

    JsonNode root() {
        return root;
    }

    List<Operation> operations() {
        List<Operation> out = new ArrayList<>();
        root.get("paths").properties().forEach(path -> {
            for (String method : METHODS) {
                if (path.getValue().has(method)) {
                    out.add(new Operation(
                            method.toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            path.getValue().get(method),
                            path.getValue()));
                }
            }
        });
        return out;
    }

    /** Follows {@code $ref}s. */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? resolve(root.at(node.get("$ref").asText().substring(1))) : node;
    }

    /** Parameters of an operation and its path. */
    List<JsonNode> parameters(Operation operation) {
        List<JsonNode> out = new ArrayList<>();
        operation.pathNode().path("parameters").forEach(node -> out.add(resolve(node)));
        operation.node().path("parameters").forEach(node -> out.add(resolve(node)));
        return out;
    }

    /** How {@code value} does not fit {@code schema}; empty if it does. Knows the keywords that the document uses, and no other. */
    List<String> misfits(JsonNode schemaOrRef, JsonNode value, String at) {
        JsonNode schema = resolve(schemaOrRef);
        List<String> out = new ArrayList<>();
        schema.fieldNames().forEachRemaining(keyword -> {
            if (!SchemaCheck.KEYWORDS.contains(keyword)) {
                out.add("the test does not know the keyword " + keyword);
            }
        });
        SchemaCheck.check(this, schema, value, at, out);
        return out;
    }
}
