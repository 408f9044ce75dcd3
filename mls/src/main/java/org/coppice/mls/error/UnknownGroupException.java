package org.coppice.mls.error;

/** A message is for another group than the one it was given to (RFC 9420 §6). */
public final class UnknownGroupException extends ValidationException {
    private static final long serialVersionUID = 1L;

    /** Says so for {@link Rule#UNKNOWN_GROUP}. */
    public UnknownGroupException() {
        super(Rule.UNKNOWN_GROUP);
    }
}
