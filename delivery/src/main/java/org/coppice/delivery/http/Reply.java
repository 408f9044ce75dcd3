package org.coppice.delivery.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer, ready to be written.
 *
 * @param status the HTTP status
 * @param type the media type of the body; empty for no body
 * @param body the body; the reply owns it
 * @param headers further header fields
 * @param tag for the metrics: {@code ok}, or the kind of the problem and its rule; never anything of the request
 */
@SuppressWarnings("ArrayRecordComponent") // lives from handler to socket and is compared with nothing
record Reply(int status, String type, byte[] body, Map<String, String> headers, String tag) {
    private static final String OK = "ok";

    static Reply json(int status, JsonNode body) {
        return new Reply(status, Json.TYPE, Json.bytes(body), Map.of(), OK);
    }

    static Reply binary(String type, byte[] body) {
        return new Reply(200, type, body, Map.of(), OK);
    }

    static Reply noContent() {
        return new Reply(204, "", new byte[0], Map.of(), OK);
    }

    Reply with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Reply(status, type, body, more, tag);
    }

    /** For Retry-After: whole seconds, rounded up, so that who comes then does not come too early. */
    static long seconds(Duration duration) {
        return Math.max(1, duration.plusMillis(999).getSeconds());
    }
}
