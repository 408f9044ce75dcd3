package org.coppice.client.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.OutcomeUnknownException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.error.DecodeException;

/** What came back for a request: a success, whose body is read by what is expected, or a problem. */
final class Answer {
    static final ObjectMapper JSON = new ObjectMapper();

    /** Nobody reads more of a reason, and it is kept with the conversation that it is about. */
    private static final int MAX_REASON = 1000;

    private final int status;
    private final String type;
    private final byte[] body;

    Answer(int status, String type, byte[] body) {
        this.status = status;
        this.type = type;
        this.body = body;
    }

    /**
     * This, if it is a success.
     *
     * @throws DeliveryException if the service refused
     * @throws IOException if it cannot be told what the service did
     */
    Answer success() throws DeliveryException, IOException {
        if (status >= 200 && status < 300) {
            return this;
        }
        if (type.equals(MediaTypes.PROBLEM)) {
            JsonNode problem = json();
            Optional<ProblemKind> kind = ProblemKind.ofType(problem.path("type").asText());
            if (kind.isPresent()) {
                throw problem(kind.get(), problem).asException();
            }
        }
        // Something on the way answered, or the service says that it does not know.
        throw new OutcomeUnknownException("the answer is " + status + " and no problem of the contract", null);
    }

    private static Problem problem(ProblemKind kind, JsonNode json) throws IOException {
        return new Problem(
                kind,
                reason(json.path("detail")),
                Optional.ofNullable(json.get("rule")).map(Answer::reason),
                json.hasNonNull("epoch") ? Optional.of(Json.unsigned(json, "epoch")) : Optional.empty(),
                Optional.ofNullable(json.get("head")).map(JsonNode::asLong),
                Optional.ofNullable(json.get("retryAfter")).map(node -> Duration.ofSeconds(Math.max(0, node.asLong()))),
                Optional.ofNullable(json.get("offset")).map(JsonNode::asInt));
    }

    private static String reason(JsonNode text) {
        String out = text.asText();
        return out.length() <= MAX_REASON ? out : out.substring(0, MAX_REASON);
    }

    /** The body as JSON. */
    JsonNode json() throws IOException {
        try {
            JsonNode out = JSON.readTree(body);
            if (out != null && out.isObject()) {
                return out;
            }
        } catch (JsonProcessingException e) {
            throw wrong("is no JSON");
        }
        throw wrong("is no JSON object");
    }

    /** Reads a value of the contract from JSON; may throw {@link IllegalArgumentException} for one that cannot be. */
    @FunctionalInterface
    interface JsonReader<T> {
        T read(JsonNode in) throws IOException;
    }

    /** The body as a value of the contract. */
    <T> T value(JsonReader<T> reader) throws IOException {
        try {
            return reader.read(json());
        } catch (IllegalArgumentException e) {
            throw wrong("has a value that cannot be");
        }
    }

    /** The body as one structure. */
    <T> T decoded(Decoder<T> decoder) throws IOException {
        return decoded(Bytes.wrap(body), decoder);
    }

    static <T> T decoded(Bytes encoded, Decoder<T> decoder) throws IOException {
        try {
            return decoder.decodeAll(encoded, MediaTypes.LIMITS);
        } catch (DecodeException e) {
            throw wrong("cannot be decoded: " + e.getMessage());
        }
    }

    /** The body. */
    Bytes bytes() {
        return Bytes.wrap(body);
    }

    /** The answer is not as the contract has it: whatever was asked may have been done. */
    static IOException wrong(String what) {
        return new OutcomeUnknownException("the service's answer " + what, null);
    }

    /** An unsigned 64-bit number as JSON writes it. */
    static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
