package org.coppice.mls.error;

/**
 * The message came before: one of its sender, content type and generation was opened, or its key was dropped (RFC 9420 §9.2); or it is a
 * proposal that waits already, in a PublicMessage, which has no generation.
 */
public final class DuplicateMessageException extends ValidationException {
    private static final long serialVersionUID = 1L;

    /** Says so for {@link Rule#GENERATION_CONSUMED}. */
    public DuplicateMessageException() {
        super(Rule.GENERATION_CONSUMED);
    }
}
