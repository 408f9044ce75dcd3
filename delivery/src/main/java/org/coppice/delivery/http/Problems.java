package org.coppice.delivery.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.coppice.delivery.api.DeliveryException;
import org.coppice.delivery.api.MediaTypes;
import org.coppice.delivery.api.Problem;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.mls.error.DecodeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures as answers (RFC 9457). A type that is not one of {@link ProblemKind}'s means that the request may have taken effect: the
 * client asks again with the same request id.
 */
final class Problems {
    /** The service cannot tell whether the write took effect. */
    static final String OUTCOME_UNKNOWN = "urn:coppice:problem:outcome-unknown";

    /** A bug of the server. */
    static final String INTERNAL = "urn:coppice:problem:internal";

    /** A method that a path does not have: no problem of the contract, since no client of it ever sends one. */
    static final String METHOD = "urn:coppice:problem:method-not-allowed";

    /** A request that took longer than any working client does. */
    static final String TOO_SLOW = "urn:coppice:problem:too-slow";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    static Reply reply(Problem problem) {
        ProblemKind kind = problem.kind();
        Reply reply = reply(problem, kind.status(), kind.type(), kind.wireName());
        return kind == ProblemKind.UNAUTHENTICATED ? reply.with("WWW-Authenticate", "Bearer") : reply;
    }

    /** The answer for what an endpoint threw, an error too: whoever asked is not left waiting. */
    static Reply of(Throwable failure) {
        if (failure instanceof DeliveryException refusal) {
            return reply(refusal.problem());
        }
        if (failure instanceof DecodeException e) {
            return reply(Problem.malformed(e.rule().name(), e.offset(), e.getMessage()));
        }
        if (failure instanceof IOException) {
            // Without the trace: when a database goes away, every request ends here.
            LOG.warn("the service cannot tell the outcome of a request: {}", failure.getMessage());
            LOG.debug("in", failure);
            Problem problem = Problem.later(
                    ProblemKind.UNAVAILABLE,
                    Duration.ofSeconds(1),
                    "whether this took effect is not known; send the very same request again");
            return reply(problem, 503, OUTCOME_UNKNOWN, "outcome-unknown");
        }
        LOG.error("a request met a bug", failure);
        Problem problem = Problem.of(ProblemKind.UNAVAILABLE, "the server has a fault; its log says more");
        return reply(problem, 500, INTERNAL, "internal");
    }

    static Reply unknownPath() {
        return reply(Problem.of(ProblemKind.UNKNOWN, "there is no such resource; all of them are below /v1"));
    }

    static Reply methodNotAllowed(String allowed) {
        Problem problem = Problem.of(ProblemKind.UNKNOWN, "this resource has the methods " + allowed);
        return reply(problem, 405, METHOD, "method-not-allowed").with("Allow", allowed);
    }

    /** A body that comes so slowly that it only holds its place. */
    static Reply tooSlow() {
        Problem problem = Problem.of(ProblemKind.MALFORMED, "the body came too slowly");
        return reply(problem, 408, TOO_SLOW, "too-slow");
    }

    /** Malformed at a place that a byte's number would not tell: a header, a query, a field. */
    static Problem malformed(String rule, String detail) {
        return new Problem(
                ProblemKind.MALFORMED,
                detail,
                Optional.of(rule),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Reply reply(Problem problem, int status, String type, String name) {
        Map<String, String> headers = new TreeMap<>();
        problem.retryAfter().ifPresent(after -> headers.put("Retry-After", Long.toString(Reply.seconds(after))));
        byte[] body = Json.bytes(JsonValues.of(problem, status, type, title(name)));
        // Rules are a closed set for what the service refuses; what a client's bytes look like is not worth a time
        // series.
        String tag = problem.kind() == ProblemKind.REFUSED
                ? problem.rule().map(rule -> name + ":" + rule).orElse(name)
                : name;
        return new Reply(status, MediaTypes.PROBLEM, body, headers, tag);
    }

    static String title(String name) {
        String words = name.replace('-', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
