package org.coppice.delivery.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RequestId;
import org.eclipse.jetty.http.HttpFields;

/**
 * The header of a request, as far as it means something here.
 *
 * @param fields its fields
 * @param origin where the request comes from
 */
record Headers(HttpFields fields, String origin) {
    private static final String REQUEST_ID = "Request-Id";
    private static final int MAX_TOKEN_LENGTH = 512;

    List<String> all(String name) {
        return fields.getValuesList(name);
    }

    /** The value of a field that is sent once; the first of several. */
    Optional<String> single(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    RequestId requestId() throws DeliveryException {
        List<String> values = fields.getValuesList(REQUEST_ID);
        if (values.size() == 1) {
            try {
                return RequestId.parse(values.get(0));
            } catch (IllegalArgumentException e) {
                // Said below; the parser's words may repeat what was sent.
            }
        }
        throw Problems.malformed(
                        "HEADER",
                        values.isEmpty()
                                ? "a write needs the header Request-Id: a new UUID for each write, the same one when it is repeated"
                                : "Request-Id is not one UUID in lower case and full length")
                .asException();
    }

    /** The bearer token, if there is one (RFC 6750). */
    private Optional<String> bearer() throws DeliveryException {
        Optional<String> value = single("Authorization");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = value.get();
        String token =
                text.substring(Math.min(text.length(), "Bearer ".length())).trim();
        if (!text.toLowerCase(Locale.ROOT).startsWith("bearer ")
                || token.isEmpty()
                || token.length() > MAX_TOKEN_LENGTH) {
            throw Problem.of(ProblemKind.UNAUTHENTICATED, "the header Authorization is not: Bearer, a space, a token")
                    .asException();
        }
        return Optional.of(token);
    }

    String token() throws DeliveryException {
        Optional<String> token = bearer();
        if (token.isEmpty()) {
            throw Problem.of(
                            ProblemKind.UNAUTHENTICATED,
                            "this needs the header Authorization: Bearer and a token of POST /v1/auth/token")
                    .asException();
        }
        return token.get();
    }

    /** Refuses a body of another media type than {@code expected}, or one that is compressed. */
    void checkBodyType(String expected) throws DeliveryException {
        String type = single("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        String essence =
                (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
        boolean parametersFit = semicolon < 0
                || expected.equals(Json.TYPE)
                        && type.substring(semicolon + 1)
                                .replace("\"", "")
                                .trim()
                                .equalsIgnoreCase("charset=utf-8");
        if (!essence.equals(expected) || !parametersFit) {
            throw Problem.of(ProblemKind.WRONG_TYPE, "the body here is of Content-Type " + expected)
                    .asException();
        }
        if (!single("Content-Encoding").orElse("identity").equalsIgnoreCase("identity")) {
            throw Problem.of(ProblemKind.WRONG_TYPE, "the body here has no Content-Encoding")
                    .asException();
        }
    }
}
