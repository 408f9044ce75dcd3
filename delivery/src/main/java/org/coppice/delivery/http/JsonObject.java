package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.Problem;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.error.DecodeException;

/**
 * An object in a request, read field by field. Every method throws {@link org.coppice.delivery.api.ProblemKind#MALFORMED} naming the
 * field if it is missing or not of the form that is asked for. {@link #end} refuses fields that nobody asked for, since a sender that
 * wrote them expects something of them.
 */
final class JsonObject {
    private static final String RULE = "FIELD";

    private final ObjectNode node;
    private final String path;
    private final Set<String> asked = new HashSet<>();

    JsonObject(ObjectNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /** Parses a text into a value, throwing {@link IllegalArgumentException}. */
    interface Parser<T> {
        T parse(String text);
    }

    Optional<String> optionalText(String name) throws DeliveryException {
        Optional<JsonNode> value = find(name);
        if (value.isPresent() && !value.get().isTextual()) {
            throw wrong(name, "is not a string");
        }
        return value.map(JsonNode::textValue);
    }

    String text(String name) throws DeliveryException {
        return required(name, optionalText(name));
    }

    <T> T parsed(String name, Parser<T> parser) throws DeliveryException {
        return parse(name, text(name), parser);
    }

    <T> Optional<T> optionalParsed(String name, Parser<T> parser) throws DeliveryException {
        Optional<String> text = optionalText(name);
        return text.isPresent() ? Optional.of(parse(name, text.get(), parser)) : Optional.empty();
    }

    Optional<Long> optionalNumber(String name, long min, long max) throws DeliveryException {
        Optional<JsonNode> value = find(name);
        return value.isPresent() ? Optional.of(number(name, value.get(), min, max)) : Optional.empty();
    }

    long number(String name, long min, long max) throws DeliveryException {
        return required(name, optionalNumber(name, min, max));
    }

    /** Numbers of 16 bits, as the registries of MLS have them; none if the field is not there. */
    List<Integer> codePoints(String name) throws DeliveryException {
        List<Integer> out = new ArrayList<>();
        for (JsonNode element : array(name)) {
            out.add((int) number(name + "[" + out.size() + "]", element, 0, 0xffff));
        }
        return out;
    }

    /** Texts; none if the field is not there. */
    <T> List<T> parsedList(String name, Parser<T> parser) throws DeliveryException {
        List<T> out = new ArrayList<>();
        for (JsonNode element : array(name)) {
            String at = name + "[" + out.size() + "]";
            if (!element.isTextual()) {
                throw wrong(at, "is not a string");
            }
            out.add(parse(at, element.textValue(), parser));
        }
        return out;
    }

    Bytes bytes(String name) throws DeliveryException {
        return base64(name, text(name));
    }

    Optional<Bytes> optionalBytes(String name) throws DeliveryException {
        Optional<String> text = optionalText(name);
        return text.isPresent() ? Optional.of(base64(name, text.get())) : Optional.empty();
    }

    /** A structure of MLS, or of the contract, in base64. */
    <T> T decoded(String name, Decoder<T> decoder) throws DeliveryException {
        return decode(name, bytes(name), decoder);
    }

    <T> Optional<T> optionalDecoded(String name, Decoder<T> decoder) throws DeliveryException {
        Optional<Bytes> bytes = optionalBytes(name);
        return bytes.isPresent() ? Optional.of(decode(name, bytes.get(), decoder)) : Optional.empty();
    }

    /** Structures in base64; none if the field is not there. */
    <T> List<T> decodedList(String name, Decoder<T> decoder) throws DeliveryException {
        List<T> out = new ArrayList<>();
        for (JsonNode element : array(name)) {
            String at = name + "[" + out.size() + "]";
            if (!element.isTextual()) {
                throw wrong(at, "is not a string");
            }
            out.add(decode(at, base64(at, element.textValue()), decoder));
        }
        return out;
    }

    Optional<JsonObject> optionalObject(String name) throws DeliveryException {
        Optional<JsonNode> value = find(name);
        if (value.isPresent() && !value.get().isObject()) {
            throw wrong(name, "is not an object");
        }
        return value.map(object -> new JsonObject((ObjectNode) object, path + name + "."));
    }

    /** Throws if there is a field that was not asked for. */
    void end() throws DeliveryException {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!asked.contains(names.next())) {
                // The name is not repeated: it is the sender's, and may be content.
                throw Problem.malformed(
                                RULE, 0, "a field that does not belong into " + (path.isEmpty() ? "the body" : path))
                        .asException();
            }
        }
    }

    DeliveryException wrong(String name, String what) {
        return Problems.malformed(RULE, "\"" + path + name + "\" " + what).asException();
    }

    private Optional<JsonNode> find(String name) {
        asked.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private <T> T required(String name, Optional<T> value) throws DeliveryException {
        if (value.isEmpty()) {
            throw wrong(name, "is missing");
        }
        return value.get();
    }

    private JsonNode array(String name) throws DeliveryException {
        Optional<JsonNode> value = find(name);
        if (value.isPresent() && !value.get().isArray()) {
            throw wrong(name, "is not an array");
        }
        return value.orElseGet(() -> node.arrayNode());
    }

    private long number(String name, JsonNode value, long min, long max) throws DeliveryException {
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw wrong(name, "is not a whole number from " + min + " to " + max);
        }
        return value.longValue();
    }

    private <T> T parse(String name, String text, Parser<T> parser) throws DeliveryException {
        try {
            return parser.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(name, "does not have the form that belongs here: " + e.getMessage());
        }
    }

    private Bytes base64(String name, String text) throws DeliveryException {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // One text for one value: the decoder also takes missing padding and stray bits at the end.
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return Bytes.wrap(bytes);
            }
        } catch (IllegalArgumentException e) {
            // Said below; the decoder's words would repeat what was sent.
        }
        throw wrong(name, "is not base64 with padding (RFC 4648 section 4)");
    }

    private <T> T decode(String name, Bytes bytes, Decoder<T> decoder) throws DeliveryException {
        try {
            return decoder.decodeAll(bytes, MediaTypes.LIMITS);
        } catch (DecodeException e) {
            throw Problem.malformed(e.rule().name(), e.offset(), "in \"" + path + name + "\": " + e.getMessage())
                    .asException();
        }
    }
}
