package org.coppice.delivery.api;

import java.util.Locale;
import java.util.Optional;

/** The answers that a client has to tell apart, each with its HTTP status. */
public enum ProblemKind {
    /** The Commit or proposal is not for the group's present epoch. Carries that epoch and the head: catch up, build anew. */
    STALE_EPOCH(409),
    /** A group of this id exists. */
    DUPLICATE_GROUP(409),
    /** The id was used for another request. */
    REQUEST_ID_REUSED(409),
    /** There is no such group, or the client was never admitted to it: which of the two is not told. */
    UNKNOWN_GROUP(404),
    /** There is no such client or user. */
    UNKNOWN_CLIENT(404),
    /** There is no such thing. */
    UNKNOWN(404),
    /** Well-formed, but against a rule, whose name it carries: that of RFC 9420, or one of the service's own. */
    REFUSED(422),
    /** The client may not do this. */
    NOT_ALLOWED(403),
    /** The client is not logged in, or no longer. */
    UNAUTHENTICATED(401),
    /** Too much in too short a time. Carries when to come back. */
    OVER_LIMIT(429),
    /** The request is larger than the service takes. */
    TOO_LARGE(413),
    /** The body's media type is not the one that belongs here. */
    WRONG_TYPE(415),
    /** The bytes are not an encoding of what belongs here. Carries where. */
    MALFORMED(400),
    /** It was there, but is kept no longer. */
    GONE(410),
    /** The service has no room left. */
    OUT_OF_STORAGE(507),
    /** The service cannot answer now. Carries when to come back. */
    UNAVAILABLE(503);

    private static final String URN = "urn:coppice:problem:";

    private final int status;

    ProblemKind(int status) {
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The name on the wire, such as {@code stale-epoch}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The type in a problem document (RFC 9457), such as {@code urn:coppice:problem:stale-epoch}. */
    public String type() {
        return URN + wireName();
    }

    /** The kind whose {@link #type()} this is, if there is one. */
    public static Optional<ProblemKind> ofType(String type) {
        for (ProblemKind kind : values()) {
            if (kind.type().equals(type)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
