package org.coppice.delivery.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;

/** JSON as this server reads and writes it: no duplicate names, nothing after the end, no depth that a structure here does not have. */
final class Json {
    /** The media type. */
    static final String TYPE = "application/json";

    /** Twice what the deepest structure has. */
    private static final int MAX_DEPTH = 16;

    private static final int MAX_NUMBER_LENGTH = 32;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxNameLength(64)
                            // Bodies are capped before they are read.
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    // Names are the sender's choice: a table of them all would grow without end.
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A uint64 as a JSON number. */
    static BigInteger unsigned(long value) {
        BigInteger signed = BigInteger.valueOf(value);
        return value >= 0 ? signed : signed.add(BigInteger.ONE.shiftLeft(64));
    }

    /** With a line's end, for people who look at it in a terminal. */
    static byte[] bytes(JsonNode node) {
        try {
            byte[] json = MAPPER.writeValueAsBytes(node);
            byte[] line = Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            return line;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e); // a tree in memory can always be written
        }
    }

    /** Reads a body that must be one object. */
    static JsonObject read(byte[] body) throws DeliveryException {
        if (!isUtf8(body)) {
            throw Problem.malformed("JSON", 0, "the body is not in UTF-8").asException();
        }
        JsonNode node;
        try {
            node = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            int offset = at == null ? 0 : (int) Math.max(0, at.getByteOffset());
            throw Problem.malformed("JSON", offset, "the body is not JSON as RFC 8259 has it, or nested too deep")
                    .asException();
        } catch (IOException e) {
            throw Problem.malformed("JSON", 0, "the body is not text").asException();
        }
        if (node == null || !node.isObject()) {
            throw Problem.malformed("JSON", 0, "the body is not a JSON object").asException();
        }
        return new JsonObject((ObjectNode) node, "");
    }

    /** Whether a parser will take it for UTF-8 and not guess another encoding, which RFC 8259 section 8.1 rules out. */
    private static boolean isUtf8(byte[] body) {
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0 || body[i] == (byte) 0xfe || body[i] == (byte) 0xff) {
                return false;
            }
        }
        return true;
    }
}
