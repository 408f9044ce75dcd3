package org.coppice.testkit.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.error.DecodeException;

/** The fields of a case, or of an object inside one; where one is missing or of the wrong type it says which. */
final class Fields {
    private final JsonNode json;
    private final String path;

    Fields(JsonNode json) {
        this(json, "");
    }

    private Fields(JsonNode json, String path) {
        this.json = json;
        this.path = path;
    }

    Bytes bytes(String name) throws VectorMismatch {
        return bytes(name, get(name));
    }

    /** Bytes that may be null. */
    Optional<Bytes> optionalBytes(String name) throws VectorMismatch {
        return json.path(name).isMissingNode() || json.path(name).isNull()
                ? Optional.empty()
                : Optional.of(bytes(name));
    }

    Secret secret(String name) throws VectorMismatch {
        return Secret.wrap(bytes(name).toByteArray());
    }

    /** Bytes decoded as a structure, which they must be to their last byte. */
    <T> T decoded(String name, Decoder<T> decoder) throws VectorMismatch {
        try {
            return decoder.decodeAll(bytes(name), DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new VectorMismatch(path + name + ": " + e.getMessage());
        }
    }

    boolean has(String name) {
        return json.has(name);
    }

    String text(String name) throws VectorMismatch {
        JsonNode node = get(name);
        if (!node.isTextual()) {
            throw new VectorMismatch(path + name + " is no string");
        }
        return node.textValue();
    }

    /** A number; a uint64 beyond 2^63 - 1 comes out negative. */
    long number(String name) throws VectorMismatch {
        return number(name, get(name));
    }

    int intNumber(String name) throws VectorMismatch {
        return (int) number(name);
    }

    Fields object(String name) throws VectorMismatch {
        JsonNode node = get(name);
        if (!node.isObject()) {
            throw new VectorMismatch(path + name + " is no object");
        }
        return new Fields(node, path + name + ".");
    }

    List<Fields> objects(String name) throws VectorMismatch {
        List<Fields> out = new ArrayList<>();
        for (JsonNode node : array(name, get(name))) {
            out.add(new Fields(node, path + name + "[" + out.size() + "]."));
        }
        return out;
    }

    /** An array of arrays of objects. */
    List<List<Fields>> objectLists(String name) throws VectorMismatch {
        List<List<Fields>> out = new ArrayList<>();
        for (JsonNode inner : array(name, get(name))) {
            List<Fields> list = new ArrayList<>();
            for (JsonNode node : array(name, inner)) {
                list.add(new Fields(node, path + name + "[" + out.size() + "][" + list.size() + "]."));
            }
            out.add(list);
        }
        return out;
    }

    /** An array of bytes, where null stands for absent. */
    List<Optional<Bytes>> byteList(String name) throws VectorMismatch {
        List<Optional<Bytes>> out = new ArrayList<>();
        for (JsonNode node : array(name, get(name))) {
            out.add(node.isNull() ? Optional.empty() : Optional.of(bytes(name, node)));
        }
        return out;
    }

    /** An array of numbers, where null stands for absent. */
    List<Optional<Long>> numberList(String name) throws VectorMismatch {
        return numbers(name, get(name));
    }

    /** An array of arrays of numbers. */
    List<List<Long>> numberLists(String name) throws VectorMismatch {
        List<List<Long>> out = new ArrayList<>();
        for (JsonNode inner : array(name, get(name))) {
            out.add(numbers(name, inner).stream().map(Optional::orElseThrow).toList());
        }
        return out;
    }

    private List<Optional<Long>> numbers(String name, JsonNode array) throws VectorMismatch {
        List<Optional<Long>> out = new ArrayList<>();
        for (JsonNode node : array(name, array)) {
            out.add(node.isNull() ? Optional.empty() : Optional.of(number(name, node)));
        }
        return out;
    }

    private JsonNode get(String name) throws VectorMismatch {
        JsonNode node = json.get(name);
        if (node == null) {
            throw new VectorMismatch("the vector has no field " + path + name);
        }
        return node;
    }

    private Bytes bytes(String name, JsonNode node) throws VectorMismatch {
        try {
            if (node.isTextual()) {
                return Bytes.fromHex(node.textValue());
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new VectorMismatch(path + name + " is no hexadecimal string");
    }

    private long number(String name, JsonNode node) throws VectorMismatch {
        if (!node.isIntegralNumber()) {
            throw new VectorMismatch(path + name + " is no whole number");
        }
        return node.bigIntegerValue().longValue();
    }

    private JsonNode array(String name, JsonNode node) throws VectorMismatch {
        if (!node.isArray()) {
            throw new VectorMismatch(path + name + " is no array");
        }
        return node;
    }
}
