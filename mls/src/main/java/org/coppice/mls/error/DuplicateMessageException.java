package org.coppice.mls.error;

/** A message of this sender, content type and generation was opened before, or its key was dropped (RFC 9420 §9.2). */
public final class DuplicateMessageException extends ValidationException {
    private static final long serialVersionUID = 1L;

    /** Says so for {@link Rule#GENERATION_CONSUMED}. */
    public DuplicateMessageException() {
        super(Rule.GENERATION_CONSUMED);
    }
}
