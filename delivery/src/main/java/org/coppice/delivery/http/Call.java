package org.coppice.delivery.http;

import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.error.DecodeException;

/** A request as its endpoint sees it: routed, logged in, whole. Methods that parse throw what answers a malformed request. */
final class Call {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 10_000;

    private final Map<String, String> parameters;
    private final Map<String, String> query;
    private final Headers headers;
    private final Optional<Backend.Session> session;
    private final byte[] body;

    /** A request whose body is still to be read. */
    record Unread(
            Map<String, String> parameters,
            Map<String, String> query,
            Headers headers,
            Optional<Backend.Session> session) {
        Call with(byte[] body) {
            return new Call(parameters, query, headers, session, body);
        }
    }

    Call(
            Map<String, String> parameters,
            Map<String, String> query,
            Headers headers,
            Optional<Backend.Session> session,
            byte[] body) {
        this.parameters = parameters;
        this.query = query;
        this.headers = headers;
        this.session = session;
        this.body = body;
    }

    /** Who asks; only on routes that need a token. */
    DeliverySession session() {
        return session.orElseThrow().session();
    }

    /** When the token ends, in milliseconds since 1970-01-01T00:00:00Z; only on routes that need a token. */
    long expiresMillis() {
        return session.orElseThrow().expiresMillis();
    }

    /** The id of a write; only on routes that need one. */
    RequestId requestId() throws DeliveryException {
        return headers.requestId();
    }

    /** Where the request comes from. */
    String origin() {
        return headers.origin();
    }

    Optional<String> header(String name) {
        return headers.single(name);
    }

    /** Whether the client prefers JSON to {@code other}. */
    boolean prefersJson(String other) {
        return Accept.prefers(headers.all("Accept"), Json.TYPE, other);
    }

    String parameter(String name) {
        return parameters.get(name);
    }

    /** The group that the path names. */
    Bytes groupId() throws DeliveryException {
        String text = parameters.get("gid");
        try {
            Bytes id = Bytes.wrap(Base64.getUrlDecoder().decode(text));
            if (JsonValues.groupId(id).equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw Problems.malformed("PATH", "the group id is not base64url without padding")
                .asException();
    }

    Optional<Long> number(String name, long min, long max) throws DeliveryException {
        String text = query.get(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max && Long.toString(value).equals(text)) {
                return Optional.of(value);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problems.malformed("QUERY", "\"" + name + "\" is not a whole number from " + min + " to " + max)
                .asException();
    }

    /** An epoch: an unsigned 64-bit number. */
    Optional<Long> epoch(String name) throws DeliveryException {
        String text = query.get(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            long value = Long.parseUnsignedLong(text);
            if (Long.toUnsignedString(value).equals(text)) {
                return Optional.of(value);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Problems.malformed("QUERY", "\"" + name + "\" is not an unsigned 64-bit number")
                .asException();
    }

    /** The cursor of a read. */
    long after() throws DeliveryException {
        return number("after", 0, Long.MAX_VALUE).orElse(0L);
    }

    /** How many entries a read may bring. */
    int limit() throws DeliveryException {
        return number("limit", 1, MAX_LIMIT).map(Long::intValue).orElse(DEFAULT_LIMIT);
    }

    /** How long a read waits, at most {@code max}. */
    Duration waitFor(Duration max) throws DeliveryException {
        Duration wait = Duration.ofMillis(number("wait", 0, Integer.MAX_VALUE).orElse(0L));
        return wait.compareTo(max) < 0 ? wait : max;
    }

    /** The body, which must be exactly one {@code T}. */
    <T> T decode(Decoder<T> decoder) throws DecodeException {
        return decoder.decodeAll(Bytes.wrap(body), MediaTypes.LIMITS);
    }

    JsonObject json() throws DeliveryException {
        return Json.read(body);
    }
}
