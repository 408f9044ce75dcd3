package org.coppice.cli.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import org.coppice.mls.error.DecodeException;

/** Writes fields as JSON. Numbers are numbers, bytes are hexadecimal digits. */
final class JsonView {
    private JsonView() {}

    static ObjectNode of(ObjectKind kind, Walker.Walk walk) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("kind", kind.type());
        out.put("complete", walk.isComplete());
        DecodeException fault = walk.fault();
        if (fault != null) {
            ObjectNode error = out.putObject("error");
            error.put("offset", fault.offset());
            error.put("field", walk.path());
            error.put("rule", fault.rule().name());
            error.put("section", fault.rule().section());
            error.put("message", fault.getMessage());
        }
        out.set("object", field(walk.root()));
        return out;
    }

    private static ObjectNode field(Field field) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("name", field.name());
        out.put("type", field.type());
        if (!field.section().isEmpty()) {
            out.put("section", field.section());
        }
        out.put("offset", field.offset());
        out.put("length", field.length());
        if (field.isNumber()) {
            out.put("value", new BigInteger(field.value()));
        } else if (field.children().isEmpty()
                && !field.meaning().equals("absent")
                && !field.type().startsWith("opt")) {
            out.put("value", field.value());
        }
        if (!field.meaning().isEmpty()) {
            out.put("meaning", field.meaning());
        }
        if (!field.children().isEmpty()) {
            ArrayNode children = out.putArray("fields");
            field.children().forEach(child -> children.add(field(child)));
        }
        return out;
    }
}
